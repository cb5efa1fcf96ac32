#include "tests/web/load.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>

namespace exm::test {
namespace {

constexpr int patience = 20;  // seconds without a byte: the request has failed

int connected(int port) {
  const int line = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  const timeval limit{patience, 0};
  const int on = 1;
  setsockopt(line, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  setsockopt(line, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  setsockopt(line, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (connect(line, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) return line;
  close(line);
  return -1;
}

struct Response {
  std::string trouble;  // none: it is right
  std::string body;
  bool closes = false;  // the server ends the connection after it
};

/// The head's value of a field, lower-case name with a colon; empty: there is none.
std::string field(const std::string& head, const std::string& name) {
  std::string small = head;
  std::transform(small.begin(), small.end(), small.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const auto at = small.find("\r\n" + name);
  if (at == std::string::npos) return {};
  const auto from = head.find_first_not_of(' ', at + 2 + name.size());
  return head.substr(from, head.find("\r\n", from) - from);
}

Response read_response(int line) {
  Response response;
  std::string all;
  std::size_t head = std::string::npos, wanted = 0;
  while (head == std::string::npos || all.size() < wanted) {
    char bytes[16384];
    const auto got = recv(line, bytes, sizeof bytes, 0);
    if (got <= 0) {
      const std::string when = all.empty() ? " before an answer" : head == std::string::npos ? " in the head" : " in the body";
      response.trouble = (got == 0 ? "closed" : std::strerror(errno)) + when;
      return response;
    }
    all.append(bytes, static_cast<std::size_t>(got));
    if (head != std::string::npos || (head = all.find("\r\n\r\n")) == std::string::npos) continue;
    const std::string length = field(all.substr(0, head + 2), "content-length:");
    if (length.empty()) response.trouble = "an answer without a length";
    wanted = head + 4 + static_cast<std::size_t>(std::atol(length.c_str()));
  }
  response.closes = field(all.substr(0, head + 2), "connection:") == "close";
  response.body = all.substr(head + 4);
  if (all.rfind("HTTP/1.1 200 ", 0) != 0) response.trouble = all.substr(0, all.find("\r\n"));
  return response;
}

/// What it says of the release: its first line, where all others are the same.
std::string release_in(const std::string& body) {
  const std::string first = body.substr(0, body.find('\n'));
  for (std::size_t at = 0; at < body.size(); at += first.size() + 1)
    if (body.compare(at, first.size(), first, 0, std::min(first.size(), body.size() - at)) != 0) return "a mixture";
  return first;
}

}  // namespace

std::string Tally::text() const {
  std::string all = std::to_string(requests) + " requests, " + std::to_string(downloads) + " of them downloads; " +
                    std::to_string(failures) + " failed; the longest took " + std::to_string(longest) + " ms";
  for (const auto& [what, count] : said) all += "\n  answered: " + what + ": " + std::to_string(count);
  for (const auto& [what, count] : reasons) all += "\n  failed: " + what + ": " + std::to_string(count);
  return all;
}

Load::Load(int port) : port_(port) {
  for (int i = 0; i < clients; ++i) threads_.emplace_back([this, i] { ask(i % 3 == 0 ? Way::kept : i % 3 == 1 ? Way::fresh : Way::download); });
}

Tally Load::end() {
  ending_ = true;
  for (auto& thread : threads_) thread.join();
  threads_.clear();
  return tally_;
}

Tally Load::so_far() const {
  const std::lock_guard guard(mutex_);
  return tally_;
}

void Load::ask(Way way) {
  const std::string request = std::string("GET ") + (way == Way::download ? "/files/long" : "/") + " HTTP/1.1\r\nHost: site\r\n" +
                              (way == Way::fresh ? "Connection: close\r\n\r\n" : "\r\n");
  int line = -1;
  while (!ending_) {
    const auto begun = std::chrono::steady_clock::now();
    if (line < 0) line = connected(port_);
    Response response;
    if (line < 0) response.trouble = std::string("no connection: ") + std::strerror(errno);
    else if (send(line, request.data(), request.size(), MSG_NOSIGNAL) < 0) response.trouble = std::string("not sent: ") + std::strerror(errno);
    else response = read_response(line);
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begun).count();
    if (line >= 0 && (!response.trouble.empty() || response.closes || way == Way::fresh)) {
      close(line);
      line = -1;
    }
    {
      const std::lock_guard guard(mutex_);
      ++tally_.requests;
      if (way == Way::download) ++tally_.downloads;
      else tally_.longest = std::max<long>(tally_.longest, took);
      if (response.trouble.empty()) ++tally_.said[release_in(response.body)];
      else ++tally_.failures, ++tally_.reasons[response.trouble];
    }
    if (way != Way::download) usleep(20'000);
  }
  if (line >= 0) close(line);
}

}  // namespace exm::test
