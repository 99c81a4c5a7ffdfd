// renameat2(2) and syncfs(2): glibc has them behind _GNU_SOURCE, which Swift's Glibc module does not define.
extern int renameat2(int, const char *, int, const char *, unsigned int);
extern int syncfs(int);
enum { XENSEED_RENAME_NOREPLACE = 1, XENSEED_RENAME_EXCHANGE = 2 };
