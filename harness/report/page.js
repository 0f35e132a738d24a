/* Sorting, and links that open what they lead to; the page says everything without. */
for (const table of document.querySelectorAll("table.sortable")) {
	const body = table.tBodies[0];
	const heads = table.tHead.rows[0].cells;
	const key = (row, column) => {
		const cell = row.cells[column];
		return cell ? cell.dataset.v ?? cell.textContent.trim() : "";
	};
	const compare = (a, b) => {
		const x = parseFloat(a), y = parseFloat(b);
		if (isNaN(x) || isNaN(y))
			return isNaN(x) - isNaN(y) || a.localeCompare(b);
		return x - y;
	};
	const sort = (column) => {
		const down = heads[column].getAttribute("aria-sort") === "ascending";
		const rows = [...body.rows].sort((a, b) => compare(key(a, column), key(b, column)));
		for (const head of heads)
			head.removeAttribute("aria-sort");
		heads[column].setAttribute("aria-sort", down ? "descending" : "ascending");
		body.append(...(down ? rows.reverse() : rows));
	};
	[...heads].forEach((head, column) => {
		const button = document.createElement("button");
		button.type = "button";
		button.append(...head.childNodes);
		button.addEventListener("click", () => sort(column));
		head.append(button);
	});
}

const reveal = () => {
	const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
	if (target && target.tagName === "DETAILS")
		target.open = true;
};
addEventListener("hashchange", reveal);
reveal();
