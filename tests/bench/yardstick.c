// The yardstick of ./dev bench: the least that one process can do for the same answer.
//
//   eic-yardstick ADDRESS PORT USER CA_STORE
//
// It prints the keys that were pushed for USER, after the same requests and the same signatures as
// the agent: token, blob; on 404 that is all. Else region, domain, chain and list at once, then the
// staples at once; the chain against CA_STORE (hashed folder or bundle), each staple by the issuer
// of the certificate that it is named for, RSA-PSS of each record.
//
// It is no agent. It has no limits, retries, deadlines, second address, audit line, confinement or
// privileges to give up; it does not look at the user, the instance, the expiry, the signer's name,
// the key or the responder's certificate; it frees nothing; and it believes that what it is sent
// has the right form. What fails ends it with status 1 and the number of the line.
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ocsp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define MUST(condition)              \
  do {                               \
    if (!(condition)) Die(__LINE__); \
  } while (0)

enum { kRequestsMax = 16, kAnswerBytesMax = 512 * 1024, kChainMax = 8 };

static void Die(int line) {
  dprintf(STDERR_FILENO, "yardstick: line %d: %s\n", line, strerror(errno));
  _exit(1);
}

// One request and its answer; `body` stands in `bytes`.
struct Exchange {
  char head[512];
  int socket;
  char* bytes;
  size_t size;
  int status;
  char* body;
};

static struct sockaddr_in server;
static char token[256];

static void Prepare(struct Exchange* exchange, const char* method, const char* path) {
  char header[320];
  if (token[0] == 0) {
    snprintf(header, sizeof header, "X-aws-ec2-metadata-token-ttl-seconds: 60");
  } else {
    snprintf(header, sizeof header, "X-aws-ec2-metadata-token: %s", token);
  }
  snprintf(exchange->head, sizeof exchange->head,
           "%s %s HTTP/1.1\r\nHost: 169.254.169.254\r\n%s\r\nContent-Length: 0\r\n\r\n", method,
           path, header);
}

static void Send(struct Exchange* exchange) {
  exchange->socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  MUST(exchange->socket >= 0);
  MUST(connect(exchange->socket, (const struct sockaddr*)&server, sizeof server) == 0);
  const size_t length = strlen(exchange->head);
  MUST(send(exchange->socket, exchange->head, length, MSG_NOSIGNAL) == (ssize_t)length);
  exchange->bytes = malloc(kAnswerBytesMax + 1);
  exchange->size = 0;
}

// The answer ends with the connection.
static void Take(struct Exchange* exchange) {
  const ssize_t got =
      recv(exchange->socket, exchange->bytes + exchange->size, kAnswerBytesMax - exchange->size, 0);
  MUST(got >= 0);
  exchange->size += (size_t)got;
  if (got > 0) return;
  close(exchange->socket);
  exchange->socket = -1;
  exchange->bytes[exchange->size] = 0;
  MUST(sscanf(exchange->bytes, "HTTP/1.1 %d", &exchange->status) == 1);
  exchange->body = strstr(exchange->bytes, "\r\n\r\n");
  MUST(exchange->body != NULL);
  exchange->body += 4;
}

// Sends all of them, then takes what comes until all have answered.
static void Perform(struct Exchange* exchanges, int count) {
  struct pollfd polled[kRequestsMax];
  for (int i = 0; i < count; ++i) Send(&exchanges[i]);
  for (int open = count; open > 0;) {
    for (int i = 0; i < count; ++i) {
      polled[i] = (struct pollfd){.fd = exchanges[i].socket, .events = POLLIN};
    }
    MUST(poll(polled, (nfds_t)count, 5000) > 0);
    for (int i = 0; i < count; ++i) {
      if (polled[i].revents == 0) continue;
      Take(&exchanges[i]);
      if (exchanges[i].socket < 0) --open;
    }
  }
}

static void Get(struct Exchange* exchange, const char* path) {
  char full[256];
  snprintf(full, sizeof full, "/latest/meta-data/%s", path);
  Prepare(exchange, "GET", full);
}

// Base64 with line ends, decoded in place.
static size_t Decode(char* text, size_t length) {
  EVP_ENCODE_CTX* context = EVP_ENCODE_CTX_new();
  int size = 0, rest = 0;
  EVP_DecodeInit(context);
  MUST(EVP_DecodeUpdate(context, (unsigned char*)text, &size, (unsigned char*)text, (int)length) >=
       0);
  MUST(EVP_DecodeFinal(context, (unsigned char*)text + size, &rest) == 1);
  return (size_t)(size + rest);
}

static STACK_OF(X509) * ReadChain(char* pem) {
  STACK_OF(X509)* chain = sk_X509_new_null();
  BIO* bio = BIO_new_mem_buf(pem, -1);
  X509* certificate;
  while ((certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL)) != NULL) {
    sk_X509_push(chain, certificate);
  }
  MUST(sk_X509_num(chain) > 1);
  ERR_clear_error();
  return chain;
}

// The path from the signer to an anchor.
static STACK_OF(X509) * VerifyChain(STACK_OF(X509) * served, const char* ca_store) {
  struct stat status;
  X509_STORE* store = X509_STORE_new();
  MUST(stat(ca_store, &status) == 0);
  if (S_ISDIR(status.st_mode)) {
    X509_LOOKUP* lookup = X509_STORE_add_lookup(store, X509_LOOKUP_hash_dir());
    MUST(X509_LOOKUP_add_dir(lookup, ca_store, X509_FILETYPE_PEM) == 1);
  } else {
    X509_LOOKUP* lookup = X509_STORE_add_lookup(store, X509_LOOKUP_file());
    MUST(X509_load_cert_file(lookup, ca_store, X509_FILETYPE_PEM) > 0);
  }
  X509_STORE_CTX* context = X509_STORE_CTX_new();
  MUST(X509_STORE_CTX_init(context, store, sk_X509_value(served, 0), served) == 1);
  X509_STORE_CTX_set_flags(context, X509_V_FLAG_TRUSTED_FIRST | X509_V_FLAG_X509_STRICT);
  MUST(X509_verify_cert(context) == 1);
  return X509_STORE_CTX_get1_chain(context);
}

static void VerifyStaple(struct Exchange* answer, X509* subject, X509* issuer) {
  MUST(answer->status == 200);
  const unsigned char* der = (const unsigned char*)answer->body;
  const size_t length = Decode(answer->body, strlen(answer->body));
  OCSP_RESPONSE* response = d2i_OCSP_RESPONSE(NULL, &der, (long)length);
  MUST(response != NULL && OCSP_response_status(response) == OCSP_RESPONSE_STATUS_SUCCESSFUL);
  OCSP_BASICRESP* basic = OCSP_response_get1_basic(response);
  STACK_OF(X509)* issuers = sk_X509_new_null();
  sk_X509_push(issuers, issuer);
  MUST(OCSP_basic_verify(basic, issuers, NULL, OCSP_TRUSTOTHER) == 1);
  OCSP_CERTID* id = OCSP_cert_to_id(EVP_sha1(), subject, issuer);
  ASN1_GENERALIZEDTIME *this_update, *next_update;
  int good = -1;
  MUST(OCSP_resp_find_status(basic, id, &good, NULL, NULL, &this_update, &next_update) == 1);
  MUST(good == V_OCSP_CERTSTATUS_GOOD);
  MUST(OCSP_check_validity(this_update, next_update, 300, -1) == 1);
}

// For each certificate of the path below the anchor, the staple that the list has under its SHA-1.
static void VerifyStaples(STACK_OF(X509) * path, const char* list) {
  static struct Exchange staples[kChainMax];
  const int count = sk_X509_num(path) - 1;
  MUST(count <= kChainMax);
  for (int i = 0; i < count; ++i) {
    unsigned char digest[EVP_MAX_MD_SIZE];
    char name[96] = "managed-ssh-keys/signer-ocsp/";
    unsigned length = 0;
    MUST(X509_digest(sk_X509_value(path, i), EVP_sha1(), digest, &length) == 1);
    char* hex = name + strlen(name);
    for (unsigned k = 0; k < length; ++k) snprintf(hex + 2 * k, 3, "%02X", digest[k]);
    MUST(strstr(list, hex) != NULL);
    Get(&staples[i], name);
  }
  Perform(staples, count);
  for (int i = 0; i < count; ++i) {
    VerifyStaple(&staples[i], sk_X509_value(path, i), sk_X509_value(path, i + 1));
  }
}

// RSASSA-PSS, SHA-256, 32 bytes of salt.
static void VerifySignature(EVP_PKEY* key, const char* record, size_t length, const char* signature,
                            size_t signature_length) {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  EVP_PKEY_CTX* parameters;
  MUST(EVP_DigestVerifyInit(context, &parameters, EVP_sha256(), NULL, key) == 1);
  MUST(EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) == 1);
  MUST(EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, 32) == 1);
  MUST(EVP_DigestVerify(context, (const unsigned char*)signature, signature_length,
                        (const unsigned char*)record, length) == 1);
}

// Each record of the blob: metadata lines, key line, signature lines, blank line.
static void VerifyAndPrint(char* blob, EVP_PKEY* key) {
  for (char* record = blob; *record != 0;) {
    char* key_line = record;
    while (*key_line == '#') key_line = strchr(key_line, '\n') + 1;
    char* signature = strchr(key_line, '\n') + 1;
    char* end = strstr(signature, "\n\n");
    if (end == NULL) end = signature + strlen(signature);
    char* next = end + strspn(end, "\n");
    const size_t signature_length = Decode(signature, (size_t)(end - signature));
    VerifySignature(key, record, (size_t)(signature - record), signature, signature_length);
    const size_t words = strcspn(strchr(key_line, ' ') + 1, " \n");  // without the comment
    printf("%.*s\n", (int)((size_t)(strchr(key_line, ' ') - key_line) + 1 + words), key_line);
    record = next;
  }
}

int main(int argc, char** argv) {
  static struct Exchange put, blob, evidence[4];
  MUST(argc == 5);
  server.sin_family = AF_INET;
  server.sin_port = htons((unsigned short)atoi(argv[2]));
  MUST(inet_pton(AF_INET, argv[1], &server.sin_addr) == 1);

  Prepare(&put, "PUT", "/latest/api/token");
  Perform(&put, 1);
  MUST(put.status == 200);
  snprintf(token, sizeof token, "%s", put.body);

  char path[300];
  snprintf(path, sizeof path, "managed-ssh-keys/active-keys/%s", argv[3]);
  Get(&blob, path);
  Perform(&blob, 1);
  if (blob.status == 404) return 0;
  MUST(blob.status == 200);

  Get(&evidence[0], "placement/region");
  Get(&evidence[1], "services/domain");
  Get(&evidence[2], "managed-ssh-keys/signer-cert");
  Get(&evidence[3], "managed-ssh-keys/signer-ocsp/");
  Perform(evidence, 4);
  for (int i = 0; i < 4; ++i) MUST(evidence[i].status == 200);

  STACK_OF(X509)* trusted = VerifyChain(ReadChain(evidence[2].body), argv[4]);
  VerifyStaples(trusted, evidence[3].body);
  VerifyAndPrint(blob.body, X509_get0_pubkey(sk_X509_value(trusted, 0)));
  return 0;
}
