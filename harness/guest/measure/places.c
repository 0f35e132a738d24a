// SPDX-License-Identifier: GPL-2.0
#include "harness/guest/measure/places.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "lib/cleanup.h"

#define MODULES	 "/sys/module"
#define INSTANCE "vkernel_"

static void note_section(json_t *sections, const char *folder, const char *name)
{
	char path[600], text[32];
	autofclose FILE *in = NULL;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	in = fopen(path, "re");
	if (in && fscanf(in, "0x%31[0-9a-f]", text) == 1)
		json_object_set_new(sections, name, json_string(text));
}

static void note_module(json_t *places, const char *name)
{
	json_t *sections = json_object();
	char path[300];
	DIR *folder;

	snprintf(path, sizeof(path), MODULES "/%.200s/sections", name);
	folder = opendir(path);
	if (!folder) {
		json_decref(sections);
		return;
	}
	for (struct dirent *entry; (entry = readdir(folder));)
		if (strstr(entry->d_name, "text"))
			note_section(sections, path, entry->d_name);
	closedir(folder);
	json_object_set_new(places, name, sections);
}

bool places_note(json_t *places)
{
	DIR *modules = opendir(MODULES);
	bool instance = false;

	if (!modules)
		return false;
	for (struct dirent *entry; (entry = readdir(modules));) {
		bool is_instance = !strncmp(entry->d_name, INSTANCE, strlen(INSTANCE));

		if (is_instance || !strcmp(entry->d_name, "vkm"))
			note_module(places, entry->d_name);
		instance |= is_instance;
	}
	closedir(modules);
	return instance;
}
