#pragma once
#include <stddef.h>

/* The end of the JSON value at `at`, which may have white space before it; NULL where there is none. */
const char *json_skip(const char *at, const char *end);

/* The end of white space. */
const char *json_space(const char *at, const char *end);

/*
 * The value of a member of the object at `at`, which must be valid, and in `*after` where it ends; NULL
 * where there is no such member. Of several the last one counts.
 */
const char *json_member(const char *at, const char *end, const char *name, const char **after);

/* Whether all bytes are UTF-8. */
int json_is_utf8(const char *at, const char *end);

/* Prints a text as a JSON string. */
void json_print(const char *at, const char *end);

/* Puts the text of a JSON string, which escapes nothing but quotes and backslashes, into `text`. */
const char *json_text(const char *at, const char *end, char *text, size_t size);
