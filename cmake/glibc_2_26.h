// Included before everything else where EIC_LINK is bundled: the payload runs from glibc 2.26 on, and
// is built where glibc is newer. A function of which a newer glibc made a second version is linked in
// its first one.
//
// glob(3): since 2.27 it also finds links that lead nowhere. Nobody here looks for such.
#if defined(__x86_64__)
__asm__(".symver glob,glob@GLIBC_2.2.5");
#elif defined(__aarch64__)
__asm__(".symver glob,glob@GLIBC_2.17");
#else
#error "which version of glob(3) does glibc 2.26 have on this machine?"
#endif
