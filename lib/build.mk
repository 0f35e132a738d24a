# SPDX-License-Identifier: GPL-2.0
LIB_SOURCES := lib/error.c lib/file.c
