// SPDX-License-Identifier: GPL-2.0
#include "workloads/table.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "lib/cleanup.h"

/* PostgreSQL's programs lie in a folder of its version's number, and refuse to run as root. */
#define AS_POSTGRES                                       \
	"set -e; bin=$(echo /usr/lib/postgresql/*/bin); " \
	"as='setpriv --reuid=postgres --regid=postgres --clear-groups'; "

static const char *const argv[] = {
	"sh",
	"-c",
	AS_POSTGRES "exec $as $bin/postgres -D {directory}/data -h 127.0.0.1 -p {port} "
		    "-k {directory} -c autovacuum=off -c max_wal_senders=0 -c wal_level=minimal "
		    "2>/dev/null",
	NULL,
};
static const char *const client[] = {
	"sh",
	"-c",
	"until /usr/lib/postgresql/*/bin/pg_isready -q -h 127.0.0.1 -p {port}; do sleep 0.01; "
	"done; "
	"exec /usr/lib/postgresql/*/bin/pgbench -h 127.0.0.1 -p {port} -U postgres -n -c 4 -j 1 "
	"-t 50 --random-seed=1 postgres",
	NULL,
};

/*
 * The database is made once in a boot; every launch gets a copy, so that none finds the rows that
 * another has left.
 */
static const char script[] = AS_POSTGRES
	"made=/run/measure-postgres; "
	"if [ ! -e $made/complete ]; then "
	"rm -rf $made; mkdir $made; chown postgres:postgres $made; "
	"$as $bin/initdb -D $made/data --auth=trust --no-sync --no-instructions --locale=C -E UTF8 "
	"--wal-segsize=1 >$made/log 2>&1; "
	"$as $bin/pg_ctl -D $made/data -w -s -o \"-h '' -k $made\" start >>$made/log 2>&1; "
	"$as $bin/pgbench -h $made -i -s 1 -q postgres >>$made/log 2>&1; "
	"$as $bin/pg_ctl -D $made/data -w -s stop >>$made/log 2>&1; "
	"touch $made/complete; "
	"fi; "
	"cp -a $made/data %1$s/data; chown postgres:postgres %1$s";

static const char because[] = "cannot make a database; /run/measure-postgres/log says why";

static int prepare(const struct workload *workload, const char *directory, unsigned int port,
		   struct error *err)
{
	autofree char *command = NULL;
	int status;

	(void)workload;
	(void)port;
	if (asprintf(&command, script, directory) < 0)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a command");
	status = system(command);
	if (status < 0)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "%s", because);
	return status ? error_set(err, EXIT_FINDING, "%s (status %d)", because, WEXITSTATUS(status))
		      : 0;
}

static int parse(const char *output, struct readings *readings, struct error *err)
{
	static const char processed[] = "\nnumber of transactions actually processed: ",
			  failed[] = "\nnumber of failed transactions: ", rate[] = "\ntps = ";
	const char *first = strstr(output, processed), *second = strstr(output, failed),
		   *third = strstr(output, rate);
	double done, asked, failures, each;

	if (!first || sscanf(first + strlen(processed), "%lf/%lf", &done, &asked) != 2 || !second ||
	    sscanf(second + strlen(failed), "%lf", &failures) != 1 || !third ||
	    sscanf(third + strlen(rate), "%lf", &each) != 1)
		return error_set(err, EXIT_FINDING,
				 "pgbench printed no \"processed\", \"failed\" and \"tps\" lines");
	if (done != asked || failures > 0 || each <= 0)
		return error_set(err, EXIT_FINDING,
				 "pgbench made %g of %g transactions, and %g failed", done, asked,
				 failures);
	return readings_add(readings, done / each * 1e9, done, err);
}

const struct workload workload_pgbench = {
	.name = "pgbench",
	.summary = "PostgreSQL in the container, its files in memory; pgbench outside over "
		   "loopback, 4 clients; in a guest of the image engines",
	.counts = "200 transactions like TPC-B's, without the connections' start; with one "
		  "processor the time holds the instructions of the server, of the client and of "
		  "the kernel for both",
	.clocks = ON_BOTH,
	.metrics = workload_transaction_metrics,
	.argv = argv,
	.client = client,
	.prepare = prepare,
	.parse = parse,
	.fixed_time = true,
	.needs = "/usr/lib/postgresql",
	.lacking = "PostgreSQL, which the image engines has (vkbench run --image engines)",
	.warms_itself = true,
	.once = true,
	.every = 2,
	.timeout = 120,
};
