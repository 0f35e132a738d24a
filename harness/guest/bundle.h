/* SPDX-License-Identifier: GPL-2.0 */
/* The OCI configuration of the containers that are compared: what Docker would write. */
#ifndef VKERNEL_HARNESS_GUEST_BUNDLE_H
#define VKERNEL_HARNESS_GUEST_BUNDLE_H

#include <jansson.h>

/* Names an AppArmor profile, whose rules an instance takes. */
#define RULES_ANNOTATION "io.vkernel.apparmor"

/* Names for lists of capabilities that are nearly Docker's. */
#define BUNDLE_CAPABILITIES_BUT_AUDIT_WRITE                                                       \
	"CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FSETID", "CAP_FOWNER", "CAP_MKNOD", "CAP_NET_RAW",  \
		"CAP_SETGID", "CAP_SETUID", "CAP_SETFCAP", "CAP_SETPCAP", "CAP_NET_BIND_SERVICE", \
		"CAP_SYS_CHROOT", "CAP_KILL"

/* Docker's default capabilities, NULL-terminated. */
extern const char *const bundle_capabilities[];

struct bundle_request {
	const char *id;			 /* the container's, 64 hex digits */
	const char *rootfs;		 /* path of the root folder */
	const char *const *argv;	 /* NULL-terminated */
	const char *const *capabilities; /* NULL-terminated names */
	const char *const *devices;	 /* NULL-terminated paths of character devices, or NULL */
	const char *directory;		 /* bound read-write at the same path, or NULL */
	const char *const *annotations;	 /* NULL-terminated names and values in turn, or NULL */
	const char *apparmor;		 /* the name of a loaded profile, or NULL */
	const char *policy;		 /* the path of a policy that an instance takes, or NULL */
	const char *rules;  /* that of an AppArmor profile that it derives one from, or NULL */
	json_t *seccomp;    /* the value of linux.seccomp, borrowed, or NULL: none */
	const char *filter; /* crun's own: a BPF program as base64, or NULL: none */
};

/* The configuration as a JSON object that the caller owns; pure, but for stat(2) of devices. */
json_t *bundle_config(const struct bundle_request *request);

#endif
