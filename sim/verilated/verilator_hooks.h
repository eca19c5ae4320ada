/* Included in front of Verilator's runtime: what the RTL prints goes to the assertion log, never to
 * stdout. */
#pragma once
int crucible_rtl_printf(const char* format, ...) __attribute__((format(printf, 1, 2)));
#define VL_PRINTF crucible_rtl_printf
#define VL_USER_STOP_MAYBE
void vl_stop_maybe(const char* file, int line, const char* hierarchy, bool maybe);
