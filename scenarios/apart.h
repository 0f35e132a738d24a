/* SPDX-License-Identifier: GPL-2.0 */
/* A part of a probe in a process of its own, so that what it changes ends with it. */
#ifndef VKERNEL_SCENARIOS_APART_H
#define VKERNEL_SCENARIOS_APART_H

/* Seconds after which a process apart is ended by SIGALRM. */
#define APART_SECONDS 5

/*
 * Runs make(context) in a forked child in a session of its own. Returns what it returned, which
 * is an errno or 0; or, negative, the signal that killed the child; or -1000: there is no child.
 */
int apart(int (*make)(const void *context), const void *context);

#endif
