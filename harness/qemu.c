// SPDX-License-Identifier: GPL-2.0
#include "harness/qemu.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/guest/protocol.h"
#include "lib/cleanup.h"

#define KERNEL_ARGUMENTS "console=ttyS0 loglevel=5 panic=-1"

/*
 * What differs between accelerators. The instruction clock repeats only if nothing that differs
 * from run to run reaches the guest: time of day, entropy, addresses.
 */
static const struct {
	const char *const *arguments;
	const char *kernel;
	bool one_cpu;
} rows[] = {
	[ACCELERATOR_KVM] =
		{
			.arguments = (const char *const[]){"-accel", "kvm", "-cpu", "host", NULL},
			.kernel = "",
		},
	[ACCELERATOR_ICOUNT] =
		{
			.arguments = (const char *const[]){"-accel", "tcg,thread=single", "-icount",
							   "shift=0,sleep=off", "-rtc",
							   "base=2026-01-01,clock=vm", "-seed", "1",
							   "-cpu", "max,-rdrand,-rdseed", NULL},
			.kernel = " nokaslr",
			.one_cpu = true,
		},
	[ACCELERATOR_MTTCG] =
		{
			.arguments = (const char *const[]){"-accel", "tcg,thread=multi", "-cpu",
							   "max", NULL},
			.kernel = "",
		},
};

static const char *const common[] = {
	"-nodefaults", "-no-user-config", "-no-reboot", "-display", "none", "-machine", "q35", NULL,
};

static void add(FILE *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Arguments are first written one after the other, each with its terminating zero. */
static void add(FILE *out, const char *format, ...)
{
	va_list values;

	va_start(values, format);
	vfprintf(out, format, values);
	va_end(values);
	fputc(0, out);
}

static void add_all(FILE *out, const char *const arguments[])
{
	for (; *arguments; arguments++)
		add(out, "%s", *arguments);
}

/* In QEMU's option lists a comma inside a value is written twice. */
static void add_path(FILE *out, const char *before, const char *path, const char *after)
{
	fputs(before, out);
	for (; *path; path++) {
		if (*path == ',')
			fputc(',', out);
		fputc(*path, out);
	}
	fputs(after, out);
	fputc(0, out);
}

static void add_machine(FILE *out, const struct qemu_options *options)
{
	bool one = rows[options->accelerator].one_cpu;

	add(out, QEMU_PROGRAM);
	add_all(out, common);
	add_all(out, rows[options->accelerator].arguments);
	add(out, "-smp");
	add(out, "%u", one ? 1 : options->cpus);
	add(out, "-m");
	add(out, "%u", options->memory);
}

static void add_kernel(FILE *out, const struct qemu_options *options)
{
	add(out, "-kernel");
	add(out, "%s", options->vmlinuz);
	add(out, "-initrd");
	add(out, "%s", options->initrd);
	add(out, "-append");
	add(out, "%s%s%s%s", KERNEL_ARGUMENTS, rows[options->accelerator].kernel,
	    options->append ? " " : "", options->append ? options->append : "");
}

static void add_devices(FILE *out, const struct qemu_options *options)
{
	add(out, "-drive");
	add_path(out, "if=none,id=root,format=raw,snapshot=on,cache=unsafe,file=", options->drive,
		 "");
	add(out, "-device");
	add(out, "virtio-blk-pci,drive=root");
	add(out, "-chardev");
	add_path(out, "file,id=console,path=", options->console, "");
	add(out, "-serial");
	add(out, "chardev:console");
	add(out, "-device");
	add(out, "virtio-serial-pci");
	add(out, "-chardev");
	add(out, "socket,id=agent,fd=%d", options->port);
	add(out, "-device");
	add(out, "virtserialport,chardev=agent,name=" PROTOCOL_PORT);
	if (!options->terminal)
		return;
	add(out, "-chardev");
	add(out, "socket,id=terminal,fd=%d", options->terminal);
	add(out, "-device");
	add(out, "virtconsole,chardev=terminal");
}

/* The texts that follow one another in size bytes, as an array; both in one block. */
static char **split(const char *texts, size_t size)
{
	size_t count = 0, index = 0;
	char **array, *copy;

	for (size_t i = 0; i < size; i++)
		count += texts[i] == 0;
	array = malloc((count + 1) * sizeof(*array) + size);
	if (!array)
		return NULL;
	copy = memcpy(array + count + 1, texts, size);
	for (; index < count; index++) {
		array[index] = copy;
		copy += strlen(copy) + 1;
	}
	array[count] = NULL;
	return array;
}

char **qemu_arguments(const struct qemu_options *options)
{
	autofree char *texts = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&texts, &size);

	if (!out)
		return NULL;
	add_machine(out, options);
	add_kernel(out, options);
	add_devices(out, options);
	return fclose(out) == 0 ? split(texts, size) : NULL;
}

static void quote(FILE *out, const char *text)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789-_=,./:+@%";

	if (*text && text[strspn(text, plain)] == 0) {
		fputs(text, out);
		return;
	}
	fputc('\'', out);
	for (; *text; text++) {
		if (*text == '\'')
			fputs("'\\''", out);
		else
			fputc(*text, out);
	}
	fputc('\'', out);
}

char *qemu_command_line(char *const arguments[])
{
	char *line = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&line, &size);

	if (!out)
		return NULL;
	for (size_t i = 0; arguments[i]; i++) {
		if (i)
			fputc(' ', out);
		quote(out, arguments[i]);
	}
	if (fclose(out) == 0)
		return line;
	free(line);
	return NULL;
}
