#include "runtime/cli/write_file.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>

namespace exm {

Result<bool> write_whole(const std::string& path, const std::string& text) {
  const std::string part = path + ".part";
  errno = 0;
  std::ofstream out(part, std::ios::binary | std::ios::trunc);
  out << text;
  out.close();
  if (out.good() && std::rename(part.c_str(), path.c_str()) == 0) return true;
  const std::string why = errno != 0 ? std::string(": ") + std::strerror(errno) : "";
  std::remove(part.c_str());
  return Failure{Failure::Kind::environment, "cannot write `" + path + "`" + why};
}

}  // namespace exm
