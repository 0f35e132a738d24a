// SPDX-License-Identifier: GPL-2.0
#include "harness/vm.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "harness/cache.h"
#include "harness/channel.h"
#include "harness/guest/protocol.h"
#include "lib/process.h"
#include "harness/qemu.h"
#include "harness/slot.h"
#include "harness/tail.h"
#include "lib/cleanup.h"

#define SLOT_TIMEOUT   3600  /* seconds */
#define SEND_TIMEOUT   30000 /* milliseconds, as below */
#define CANCEL_TIMEOUT 20000
#define STOP_TIMEOUT   20000

/* For the console; for what the guest writes to its drive, which QEMU keeps in TMPDIR or /var/tmp. */
#define CONSOLE_MIB 4
#define OVERLAY_MIB 64

struct vm {
	struct vm_hello hello;
	struct process qemu;
	struct channel channel;
	int port, slot;
	char *command_line;
	char console[PATH_MAX], log[PATH_MAX];
	json_int_t request; /* number of the last one */
	bool running;	    /* qemu and channel are valid */
	bool lost;	    /* good for vm_stop() only */
};

/* Sets err to what ended, before its hello or later, and to why if the console tells. */
static int guest_ended(const struct vm *vm, const char *when, struct error *err)
{
	char cause[200];

	if (tail_find(vm->console, "Kernel panic", cause, sizeof(cause)))
		return error_set(err, EXIT_ENVIRONMENT, "the guest ended%s: %s", when, cause);
	return error_set(err, EXIT_ENVIRONMENT, "the guest ended%s", when);
}

/* Adds to err what QEMU and the guest's console said last. */
static int fail_with_tail(const struct vm *vm, struct error *err)
{
	tail_append(err, "QEMU said", vm->log, 5);
	tail_append(err, "the console's last lines", vm->console, 20);
	return -1;
}

static int start_qemu(struct vm *vm, const struct vm_options *options,
		      const struct guest_files *files, int peer, struct error *err)
{
	const struct qemu_options line = {
		.accelerator = options->accelerator,
		.cpus = options->cpus,
		.memory = options->memory,
		.vmlinuz = files->vmlinuz,
		.initrd = files->initrd,
		.drive = files->drive,
		.console = vm->console,
		.append = options->append,
		.plugin = options->plugin,
		.records = options->records,
		.functions = options->functions,
		.terminal = options->terminal,
		.port = peer,
	};
	/* QEMU holds the slot too, so that it is taken exactly as long as the guest runs. */
	const int keep[] = {peer, vm->slot, options->terminal};
	unsigned int kept = options->terminal ? 3 : 2;
	autofree char **arguments = qemu_arguments(&line);

	vm->command_line = arguments ? qemu_command_line(arguments) : NULL;
	if (!vm->command_line)
		return error_set_errno(err, EXIT_ENVIRONMENT, ENOMEM, "starting QEMU");
	if (process_start(&vm->qemu, arguments, vm->log, keep, kept, err) < 0)
		return error_context(err, "is the package " QEMU_PACKAGE " installed?");
	if (channel_open(&vm->channel, vm->port, vm->qemu.pidfd, err) < 0) {
		process_finish(&vm->qemu);
		return -1;
	}
	vm->running = true;
	return 0;
}

/* A full disk in the middle ends QEMU without a word, so it is looked at before. */
static int check_space(const char *path, unsigned int mib, struct error *err)
{
	struct statvfs space;
	unsigned long long there;

	if (statvfs(path, &space) < 0)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "looking for space in %.500s",
				       path);
	there = (unsigned long long)space.f_bavail * space.f_frsize >> 20;
	if (there >= mib)
		return 0;
	return error_set(err, EXIT_ENVIRONMENT,
			 "%.500s has %llu MiB free and a guest needs %u; make room or set TMPDIR",
			 path, there, mib);
}

int vm_check_folder(const char *path, struct error *err)
{
	struct stat status;

	if (stat(path, &status) < 0 || !S_ISDIR(status.st_mode))
		return error_set(err, EXIT_USAGE, "%.500s is not a folder; make it first", path);
	if (access(path, W_OK | X_OK) < 0)
		return error_set_errno(err, EXIT_USAGE, errno, "the console cannot go to %.500s",
				       path);
	return check_space(path, CONSOLE_MIB, err);
}

static int start(struct vm *vm, const struct vm_options *options, struct error *err)
{
	autoclose int peer = -1;
	const char *own = getenv("TMPDIR"), *overlay = own && *own ? own : "/var/tmp";
	struct guest_files files;
	int ends[2];

	if (vm_check_folder(options->directory, err) < 0 ||
	    check_space(overlay, OVERLAY_MIB, err) < 0 ||
	    guest_files_find(options->image, options->kernel, &files, err) < 0)
		return -1;
	if (snprintf(vm->console, PATH_MAX, "%s/console.log", options->directory) >= PATH_MAX ||
	    snprintf(vm->log, PATH_MAX, "%s/qemu.log", options->directory) >= PATH_MAX)
		return error_set(err, EXIT_USAGE, "path too long: %.500s", options->directory);
	unlink(vm->console); /* an error must not quote an earlier guest */
	unlink(vm->log);
	vm->slot = slot_take(SLOT_TIMEOUT, err);
	if (vm->slot < 0)
		return -1;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "making a pair of sockets");
	vm->port = ends[0];
	peer = ends[1];
	return start_qemu(vm, options, &files, peer, err);
}

static int take_hello(struct vm *vm, const json_t *message, struct error *err)
{
	const char *event, *kernel;
	json_int_t schema, guest_ns;

	if (json_unpack((json_t *)message, "{s:s, s:I, s:s, s:I}", "event", &event, "schema",
			&schema, "kernel", &kernel, "monotonic_ns", &guest_ns) < 0 ||
	    strcmp(event, "hello") != 0)
		return error_set(err, EXIT_ENVIRONMENT, "the agent's first message is no hello");
	if (schema != PROTOCOL_SCHEMA)
		return error_set(err, EXIT_ENVIRONMENT,
				 "the agent speaks schema %lld, this program %d; run: make initrd",
				 (long long)schema, PROTOCOL_SCHEMA);
	snprintf(vm->hello.kernel, sizeof(vm->hello.kernel), "%s", kernel);
	vm->hello.boot_guest_ns = (uint64_t)guest_ns;
	return 0;
}

static int wait_for_hello(struct vm *vm, unsigned int timeout, struct error *err)
{
	int64_t begin = now_ms();
	json_t *message = NULL;
	int status;

	switch (channel_receive(&vm->channel, begin + (int64_t)timeout * 1000, &message, err)) {
	case CHANNEL_MESSAGE:
		break;
	case CHANNEL_TIMEOUT:
		error_set(err, EXIT_ENVIRONMENT, "no hello from the guest in %u seconds", timeout);
		return fail_with_tail(vm, err);
	case CHANNEL_ENDED:
		guest_ended(vm, " before its hello", err);
		return fail_with_tail(vm, err);
	default:
		return -1;
	}
	status = take_hello(vm, message, err);
	json_decref(message);
	vm->hello.boot_seconds = (double)(now_ms() - begin) / 1000;
	return status;
}

static int boot_once(const struct vm_options *options, struct vm **result, struct error *err)
{
	struct vm *vm = calloc(1, sizeof(*vm));

	if (!vm)
		return error_set_errno(err, EXIT_ENVIRONMENT, ENOMEM, "booting a guest");
	vm->port = -1;
	vm->slot = -1;
	if (start(vm, options, err) < 0 || wait_for_hello(vm, options->boot_timeout, err) < 0) {
		vm->lost = true;
		vm_stop(vm);
		return error_context(err, "booting kernel %s", options->kernel);
	}
	*result = vm;
	return 0;
}

/*
 * With a thread for each processor, a stock guest under QEMU 7.2 was once seen to panic in the
 * middle of an instruction, before any module of ours was loaded, and QEMU once to fail an assertion
 * of its own (msix_table_mmio_write) at that time. Such a guest takes no figures, so it is worth a
 * second try; that it happened is told.
 */
static bool worth_another_boot(const struct vm_options *options, const struct error *err)
{
	return options->accelerator == ACCELERATOR_MTTCG && err->status == EXIT_ENVIRONMENT &&
	       (strstr(err->text, "Kernel panic") || strstr(err->text, ": Assertion `"));
}

int vm_boot(const struct vm_options *options, struct vm **result, struct error *err)
{
	if (!boot_once(options, result, err))
		return 0;
	if (!worth_another_boot(options, err))
		return -1;
	fprintf(stderr, "vkbench: %s\nvkbench: booting once more\n", err->text);
	return boot_once(options, result, err);
}

const struct vm_hello *vm_hello(const struct vm *vm)
{
	return &vm->hello;
}

double vm_processor_seconds(const struct vm *vm)
{
	struct timespec used;
	clockid_t clock;

	if (!vm->running || clock_getcpuclockid(vm->qemu.pid, &clock) ||
	    clock_gettime(clock, &used))
		return 0;
	return used.tv_sec + used.tv_nsec / 1e9;
}

const char *vm_command_line(const struct vm *vm)
{
	return vm->command_line;
}

static json_t *strings_to_json(const char *const strings[])
{
	json_t *array = json_array();

	for (; array && *strings; strings++) {
		if (json_array_append_new(array, json_string(*strings)) < 0) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

static int send_exec(struct vm *vm, const char *const argv[], struct error *err)
{
	json_t *list = strings_to_json(argv);

	if (!list)
		return error_set(err, EXIT_USAGE, "running %.200s: an argument is not UTF-8",
				 argv[0]);
	return channel_send(
		&vm->channel,
		json_pack("{s:I, s:s, s:o}", "request", ++vm->request, "op", "exec", "argv", list),
		now_ms() + SEND_TIMEOUT, err);
}

/* Acts on one message of the exec under way: 1 when it was the last. */
static int take_answer(struct vm *vm, const json_t *message, vm_output output, void *context,
		       int *status, struct error *err)
{
	const char *event = json_string_value(json_object_get(message, "event"));
	const char *text = json_string_value(json_object_get(message, "text"));
	const json_t *end = json_object_get(message, "status");
	const json_t *stream = json_object_get(message, "stream");

	if (json_integer_value(json_object_get(message, "request")) != vm->request || !event)
		return error_set(err, EXIT_ENVIRONMENT, "the agent answers what was not asked");
	if (strcmp(event, "output") == 0 && text && json_is_integer(stream)) {
		if (output)
			output(context, (int)json_integer_value(stream), text);
		return 0;
	}
	if (strcmp(event, "done") == 0 && json_is_integer(end)) {
		*status = (int)json_integer_value(end);
		return 1;
	}
	return error_set(err, EXIT_ENVIRONMENT, "the agent said: %s", text ? text : event);
}

/* Takes messages until the exec's end (1), the deadline (0) or an error (-1). */
static int take_answers(struct vm *vm, int64_t deadline, vm_output output, void *context,
			int *status, struct error *err)
{
	int over = 0;

	while (over == 0) {
		json_t *message;

		switch (channel_receive(&vm->channel, deadline, &message, err)) {
		case CHANNEL_MESSAGE:
			over = take_answer(vm, message, output, context, status, err);
			json_decref(message);
			break;
		case CHANNEL_TIMEOUT:
			return 0;
		case CHANNEL_ENDED:
			guest_ended(vm, "", err);
			return fail_with_tail(vm, err);
		default:
			return -1;
		}
	}
	return over;
}

/* Lets the agent kill what did not end in time; the vm is lost if that does not work either. */
static int cancel(struct vm *vm, struct error *err)
{
	json_t *request = json_pack("{s:I, s:s}", "request", vm->request, "op", "cancel");
	int64_t deadline = now_ms() + CANCEL_TIMEOUT;
	int status;

	if (channel_send(&vm->channel, request, deadline, err) < 0)
		return -1;
	return take_answers(vm, deadline, NULL, NULL, &status, err) == 1 ? 0 : -1;
}

static int fail_in_time(struct vm *vm, unsigned int timeout, struct error *err)
{
	vm->lost = cancel(vm, err) < 0;
	if (vm->lost && err->status == EXIT_INTERRUPTED)
		return -1;
	error_set(err, EXIT_ENVIRONMENT, "did not end in %u seconds%s", timeout,
		  vm->lost ? ", and the guest does not answer" : "; killed");
	return fail_with_tail(vm, err);
}

int vm_exec(struct vm *vm, const char *const argv[], unsigned int timeout, vm_output output,
	    void *context, int *status, struct error *err)
{
	int64_t deadline = now_ms() + (int64_t)timeout * 1000;
	int over;

	if (vm->lost)
		return error_set(err, EXIT_ENVIRONMENT, "running %.200s: the guest is lost",
				 argv[0]);
	over = send_exec(vm, argv, err);
	if (over == 0)
		over = take_answers(vm, deadline, output, context, status, err);
	if (over == 1)
		return 0;
	if (over == 0)
		fail_in_time(vm, timeout, err);
	else
		vm->lost = err->status != EXIT_USAGE; /* then nothing was sent */
	return error_context(err, "running %.200s in the guest", argv[0]);
}

static void power_off(struct vm *vm)
{
	json_t *request = json_pack("{s:I, s:s}", "request", ++vm->request, "op", "poweroff");
	struct error ignored;

	if (channel_send(&vm->channel, request, now_ms() + SEND_TIMEOUT, &ignored) == 0)
		process_ended(&vm->qemu, STOP_TIMEOUT);
}

void vm_stop(struct vm *vm)
{
	if (!vm)
		return;
	if (vm->running) {
		if (!vm->lost)
			power_off(vm);
		process_finish(&vm->qemu);
		channel_close(&vm->channel);
	}
	if (vm->port >= 0)
		close(vm->port);
	if (vm->slot >= 0)
		close(vm->slot);
	tail_remove_empty(vm->log);
	free(vm->command_line);
	free(vm);
}
