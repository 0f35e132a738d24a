# SPDX-License-Identifier: GPL-2.0
LIB_SOURCES := lib/error.c lib/file.c lib/text.c
# For programs that run others in a temporary folder.
LIB_PROCESS_SOURCES := lib/process.c lib/scratch.c
