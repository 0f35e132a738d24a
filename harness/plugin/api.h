/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The part of QEMU's plugin interface, version 1, that is used here: QEMU exports these functions
 * to what `-plugin` loads. No Debian package holds the header (docs/decisions/plugin-interface.md).
 */
#ifndef VKERNEL_HARNESS_PLUGIN_API_H
#define VKERNEL_HARNESS_PLUGIN_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PLUGIN_VERSION 1
#define PLUGIN_EXPORT  __attribute__((visibility("default")))

struct qemu_plugin_tb;
struct qemu_plugin_insn;

struct plugin_info {
	const char *target_name;
	struct {
		int min, cur;
	} version;
	bool system_emulation;
	int smp_vcpus, max_vcpus;
};

enum plugin_registers { PLUGIN_NO_REGISTERS };
enum plugin_access { PLUGIN_READ = 1, PLUGIN_WRITE, PLUGIN_READ_WRITE };

typedef void (*plugin_simple)(uint64_t id);
typedef void (*plugin_translated)(uint64_t id, struct qemu_plugin_tb *tb);
typedef void (*plugin_executed)(unsigned int vcpu, void *data);
typedef void (*plugin_accessed)(unsigned int vcpu, uint32_t info, uint64_t address, void *data);
typedef void (*plugin_ended)(uint64_t id, void *data);

void qemu_plugin_reset(uint64_t id, plugin_simple done);
void qemu_plugin_register_vcpu_tb_trans_cb(uint64_t id, plugin_translated translated);
void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *tb, plugin_executed executed,
					  enum plugin_registers registers, void *data);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn, plugin_executed executed,
					    enum plugin_registers registers, void *data);
void qemu_plugin_register_vcpu_mem_cb(struct qemu_plugin_insn *insn, plugin_accessed accessed,
				      enum plugin_registers registers, enum plugin_access access,
				      void *data);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t index);
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *insn);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);
void *qemu_plugin_insn_haddr(const struct qemu_plugin_insn *insn);
void qemu_plugin_outs(const char *text);

/* What QEMU looks for in a plugin. */
extern PLUGIN_EXPORT int qemu_plugin_version;
PLUGIN_EXPORT int qemu_plugin_install(uint64_t id, const struct plugin_info *info, int argc,
				      char **argv);

#endif
