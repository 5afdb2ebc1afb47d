/* An NSS module that spells names in lower case, as directories that fold case do: EC2-User is
   ec2-user. Without a C library of its own, so that it loads in any tree of this architecture. */
struct passwd_like {
  char* name;
  char* password;
  unsigned uid;
  unsigned gid;
  char* comment;
  char* home;
  char* shell;
};

enum { kNotFound = 0, kSuccess = 1 };

int _nss_fold_getpwnam_r(const char* name, struct passwd_like* entry, char* buffer,
                         unsigned long length, int* error_number) {
  static char spelled[] = "ec2-user", none[] = "x", empty[] = "", home[] = "/", shell[] = "/bin/sh";
  int i = 0;
  (void)buffer;
  (void)length;
  (void)error_number;
  for (; spelled[i] && name[i]; ++i) {
    const char c = name[i] >= 'A' && name[i] <= 'Z' ? (char)(name[i] + 32) : name[i];
    if (c != spelled[i]) return kNotFound;
  }
  if (spelled[i] || name[i]) return kNotFound;
  *entry = (struct passwd_like){spelled, none, 58001, 58001, empty, home, shell};
  return kSuccess;
}
