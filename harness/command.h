/* SPDX-License-Identifier: GPL-2.0 */
/* The subcommands of vkbench: each parses its own arguments and returns the exit status. */
#ifndef VKERNEL_HARNESS_COMMAND_H
#define VKERNEL_HARNESS_COMMAND_H

/* argv[0] is "vkbench <name>". A struct error is printed with that name too. */
int command_attribute(int argc, char **argv);
int command_boot(int argc, char **argv);
int command_exec(int argc, char **argv);
int command_isolation(int argc, char **argv);
int command_run(int argc, char **argv);
int command_report(int argc, char **argv);
int command_compare(int argc, char **argv);
int command_list(int argc, char **argv);
int command_merge(int argc, char **argv);
int command_overhead(int argc, char **argv);
int command_shell(int argc, char **argv);
int command_history(int argc, char **argv);
int command_triage(int argc, char **argv);
int command_baseline(int argc, char **argv);

#endif
