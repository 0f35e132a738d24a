/*
 * What is wrong with the page as it is shown now, as lists of texts. Its value is that of the last
 * expression.
 */
(() => {
	const say = (element) => {
		const box = element.getBoundingClientRect();
		const text = element.textContent.trim().replace(/\s+/g, " ").slice(0, 40);
		return `<${element.tagName.toLowerCase()} class="${element.getAttribute("class") ?? ""}"> ` +
			`"${text}" at ${Math.round(box.left)},${Math.round(box.top)}`;
	};

	/* Colours as [red, green, blue, alpha], each from 0 to 1. */
	const parse = (text) => {
		const numbers = (text.match(/-?[\d.]+(e-?\d+)?/g) ?? []).map(Number);
		if (text.startsWith("rgb"))
			return [numbers[0] / 255, numbers[1] / 255, numbers[2] / 255, numbers[3] ?? 1];
		if (text.startsWith("color(srgb"))
			return [numbers[0], numbers[1], numbers[2], numbers[3] ?? 1];
		throw new Error("cannot read the colour " + text);
	};
	const over = (top, below) =>
		[0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
	const light = ([red, green, blue]) => {
		const part = (c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
		return 0.2126 * part(red) + 0.7152 * part(green) + 0.0722 * part(blue);
	};
	const contrast = (one, other) => {
		const [a, b] = [light(one), light(other)];
		return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
	};
	const background = (element) => {
		if (!element)
			return [1, 1, 1, 1];
		const colour = parse(getComputedStyle(element).backgroundColor);
		return colour[3] === 1 ? colour : over(colour, background(element.parentElement));
	};

	const dim = [];
	let texts = 0, least = Infinity;
	const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	while (walker.nextNode()) {
		const element = walker.currentNode.parentElement;
		if (!walker.currentNode.data.trim() || /^(SCRIPT|STYLE|title|desc)$/.test(element.tagName) ||
		    !element.checkVisibility())
			continue;
		const style = getComputedStyle(element);
		const below = background(element);
		const ink = over(parse(element.closest("svg") ? style.fill : style.color), below);
		const ratio = contrast(ink, below);
		texts++;
		least = Math.min(least, ratio);
		if (ratio < 4.5)
			dim.push(`${say(element)}: ${ratio.toFixed(2)}`);
	}

	const headings = [];
	let level = 0;
	for (const heading of document.querySelectorAll("h1, h2, h3, h4, h5, h6")) {
		const its = Number(heading.tagName[1]);
		if (its > level + 1)
			headings.push(`${say(heading)} comes below level ${level}`);
		level = its;
	}
	if (document.querySelectorAll("h1").length !== 1)
		headings.push("there is not exactly one h1");

	const plots = [];
	const inside = (inner, outer) => inner.left >= outer.left - 1 && inner.right <= outer.right + 1 &&
		inner.top >= outer.top - 1 && inner.bottom <= outer.bottom + 1;
	const meet = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
		Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 3;
	/* What is in closed details is looked at when they are open. */
	const drawings = [...document.querySelectorAll("figure > svg")]
		.filter((svg) => !svg.closest("details:not([open])"));
	for (const svg of drawings) {
		const box = svg.getBoundingClientRect();
		const name = svg.getAttribute("aria-label");
		const labels = [...svg.querySelectorAll("text")].map((text) =>
			({ text: text.textContent, box: text.getBoundingClientRect() }));
		if (box.width < 200 || box.height < 50 || !svg.checkVisibility())
			plots.push(`${name}: not to be seen, ${box.width} by ${box.height}`);
		if (!inside(box, svg.parentElement.getBoundingClientRect()))
			plots.push(`${name}: leaves its box`);
		if (!svg.querySelectorAll("path, circle, polygon, use").length)
			plots.push(`${name}: empty`);
		labels.forEach((label, i) => {
			if (!inside(label.box, box))
				plots.push(`${name}: "${label.text}" is cut off`);
			if (label.box.height < 9)
				plots.push(`${name}: "${label.text}" is ${label.box.height} pixels high`);
			labels.slice(i + 1).forEach((other) => {
				if (meet(label.box, other.box))
					plots.push(`${name}: "${label.text}" lies on "${other.text}"`);
			});
		});
	}

	const across = [];
	if (document.documentElement.scrollWidth > document.documentElement.clientWidth)
		for (const element of document.body.querySelectorAll("*"))
			if (!element.closest(".wide") && !element.closest("svg") && element.checkVisibility() &&
			    element.getBoundingClientRect().right > document.documentElement.clientWidth)
				across.push(say(element));

	return {
		scroll: document.documentElement.scrollWidth,
		client: document.documentElement.clientWidth,
		height: document.documentElement.scrollHeight,
		dark: light(background(document.body)) < 0.2,
		texts, least, drawings: drawings.length, dim, headings, plots, across,
	};
})()
