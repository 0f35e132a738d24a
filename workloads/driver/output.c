// SPDX-License-Identifier: GPL-2.0
#include "workloads/workload.h"

#include <jansson.h>
#include <string.h>

static int add_line(const char *line, size_t length, struct readings *readings, struct error *err)
{
	double elapsed_ns, operations;
	json_error_t fault;
	json_t *object = json_loadb(line, length, 0, &fault);
	int result;

	if (!object)
		return error_set(err, EXIT_FINDING, "vkdrive printed \"%.*s\", not a reading: %s",
				 (int)length, line, fault.text);
	if (json_unpack_ex(object, &fault, JSON_STRICT, "{s:F, s:F}", "elapsed_ns", &elapsed_ns,
			   "operations", &operations))
		result = error_set(err, EXIT_FINDING, "vkdrive printed \"%.*s\", not a reading: %s",
				   (int)length, line, fault.text);
	else
		result = readings_add(readings, elapsed_ns, operations, err);
	json_decref(object);
	return result;
}

int readings_from_driver(const char *output, struct readings *readings, struct error *err)
{
	for (const char *end; (end = strchr(output, '\n')); output = end + 1)
		if (add_line(output, end - output, readings, err))
			return -1;
	if (*output)
		return error_set(err, EXIT_FINDING, "vkdrive's last line is cut off: \"%s\"",
				 output);
	if (!readings->count)
		return error_set(err, EXIT_FINDING, "vkdrive printed no reading");
	return 0;
}
