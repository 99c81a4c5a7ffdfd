// renameat2(2): glibc has it, behind _GNU_SOURCE, which Swift's Glibc module does not define.
extern int renameat2(int, const char *, int, const char *, unsigned int);
enum { XENSEED_RENAME_EXCHANGE = 2 };
