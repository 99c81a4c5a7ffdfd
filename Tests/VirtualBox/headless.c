/*
 * headless --startvm NAME ...: VBoxHeadless without VirtualBox's kernel module.
 *
 * VirtualBox 7.1 and later can run a machine in its own interpreter ("driverless"), but the VBoxHeadless that it installs opens
 * the module's device first and ends when that fails. This program starts the same library, VBoxHeadless.so, after it has
 * initialized VirtualBox's run-time library in driverless mode. The machine needs `modifyvm --vm-execution-engine interpreter`.
 */
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>

#define LIBRARIES "/usr/lib/virtualbox/"

/* iprt/initterm.h: initialize the support library and ignore its failure; its own flags begin at bit 18. */
#define RTR3INIT_FLAGS_TRY_SUPLIB (1u << 17)
#define RTR3INIT_FLAGS_SUPLIB_SHIFT 18
/* VBox/sup.h */
#define SUPR3INIT_F_UNRESTRICTED (1u << 0)
#define SUPR3INIT_F_DRIVERLESS (1u << 2)

static void *find(const char *library, const char *name)
{
    void *handle = dlopen(library, RTLD_NOW | RTLD_GLOBAL);
    void *symbol = handle ? dlsym(handle, name) : NULL;
    if (!symbol)
        fprintf(stderr, "headless: %s\n", dlerror());
    return symbol;
}

int main(int argc, char **argv, char **envp)
{
    int (*initialize)(int, char ***, uint32_t) = find(LIBRARIES "VBoxRT.so", "RTR3InitExe");
    int (*trusted_main)(int, char **, char **) = find(LIBRARIES "VBoxHeadless.so", "TrustedMain");
    if (!initialize || !trusted_main)
        return 1;
    int status = initialize(argc, &argv, RTR3INIT_FLAGS_TRY_SUPLIB
        | (SUPR3INIT_F_UNRESTRICTED | SUPR3INIT_F_DRIVERLESS) << RTR3INIT_FLAGS_SUPLIB_SHIFT);
    if (status < 0) {
        fprintf(stderr, "headless: VirtualBox's run-time library failed: %d\n", status);
        return 1;
    }
    return trusted_main(argc, argv, envp);
}
