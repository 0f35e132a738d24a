/* SPDX-License-Identifier: GPL-2.0 */
/* One tracing, from the first program to the last container's end. */
#ifndef VKERNEL_OPERATOR_TRACE_SESSION_H
#define VKERNEL_OPERATOR_TRACE_SESSION_H

#include "operator/trace_recording.h"

struct session_request {
	char **argv; /* the command; NULL: a container that runs */
	int pid;     /* of its init, where there is no command */
	const char
		*id; /* with argv: of the container that a daemon starts; NULL: what argv starts */
	const char *id_file; /* where that id will be written; NULL: nowhere */
	bool all;	     /* with argv: every container that starts meanwhile */
};

struct session_end {
	unsigned int containers; /* recorded */
	int status;		 /* of the command, as waitpid() gives it */
	bool interrupted;
};

/*
 * Runs the command, or waits, until its containers have ended or this process is interrupted; adds
 * to recording. Returns 0, or -1 with err set (EXIT_USAGE: no container was started).
 */
int session_run(const struct session_request *request, struct recording *recording,
		struct session_end *end, struct error *err);

#endif
