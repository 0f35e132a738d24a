/* SPDX-License-Identifier: GPL-2.0 */
/* HTML in which foreign text stays text. */
#ifndef VKERNEL_HARNESS_REPORT_MARKUP_H
#define VKERNEL_HARNESS_REPORT_MARKUP_H

#include <stdio.h>

/*
 * As fprintf(), with each %s escaped so that it can stand between tags or within a quoted attribute.
 * Conversions: %s %d %u %zu %c (not escaped) and %f %g with flags, width and precision.
 */
void html(FILE *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Text for the query of a link: what is not a letter or digit becomes %XX. */
void html_link_text(FILE *out, const char *text);

/* Bytes in base 64, as data: addresses have them. */
void html_base64(FILE *out, const char *bytes, size_t size);

#endif
