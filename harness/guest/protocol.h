/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What host and guest say to each other on the virtio-serial port PROTOCOL_PORT: JSON objects, one
 * a line, UTF-8 (other bytes of a command's output are replaced by U+FFFD).
 *
 * The guest begins, once:
 *   {"event":"hello","schema":1,"kernel":"<uname -r>","monotonic_ns":N}
 *
 * The host then sends requests, numbered from 1, the next one after the answer to the last:
 *   {"request":N,"op":"exec","argv":["program",...]}
 *   {"request":N,"op":"cancel"}	the exec N is to end: its process group is killed
 *   {"request":N,"op":"poweroff"}	at any time; no answer, the guest goes
 *
 * To an exec the guest answers with any number of output lines, in the order in which they came on
 * each stream, then one end:
 *   {"request":N,"event":"output","stream":1|2,"text":"..."}	a line without its newline
 *   {"request":N,"event":"done","status":S}	exit status, 128 + signal, 127: no such program
 *   {"request":N,"event":"error","text":"..."}	the request makes no sense or cannot be served
 *
 * A command runs as root in / with no input, in a session of its own. Output that its children
 * write after its end is lost; children that left its process group live on.
 */
#ifndef VKERNEL_HARNESS_GUEST_PROTOCOL_H
#define VKERNEL_HARNESS_GUEST_PROTOCOL_H

#define PROTOCOL_SCHEMA	     1
#define PROTOCOL_PORT	     "org.vkernel.agent"
#define PROTOCOL_TEXT_MAX    65536	   /* bytes; a longer line of output is sent as several */
#define PROTOCOL_MESSAGE_MAX (1024 * 1024) /* bytes of one message, newline included */

#endif
