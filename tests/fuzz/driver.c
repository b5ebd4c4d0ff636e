/* SPDX-License-Identifier: ISC */
/*
 * Runs a fuzz target over saved inputs, each a file, so that any compiler
 * and sanitizer can: DRIVER FILE ...
 */
#include <err.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

enum { DRIVER_INPUT_MAX = 1 << 24 };

static void
driver_run(const char *path)
{
	static uint8_t bytes[DRIVER_INPUT_MAX];
	uint8_t *copy;
	size_t n;
	FILE *f = fopen(path, "rb");

	if (f == NULL)
		err(1, "%s", path);
	n = fread(bytes, 1, sizeof(bytes), f);
	if (ferror(f))
		err(1, "%s", path);
	fclose(f);
	/* As long as the input and no longer: the sanitizer sees its end. */
	copy = malloc(n == 0 ? 1 : n);
	if (copy == NULL)
		err(1, NULL);
	for (size_t i = 0; i < n; i++)
		copy[i] = bytes[i];
	(void)LLVMFuzzerTestOneInput(copy, n);
	free(copy);
}

int
main(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++)
		driver_run(argv[i]);
	printf("%d inputs\n", argc - 1);
	return 0;
}
