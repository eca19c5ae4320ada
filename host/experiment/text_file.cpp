#include "host/experiment/text_file.hpp"

#include <fstream>

#include "models/error.hpp"

namespace crucible::experiment {

void write_text(const std::filesystem::path& file, const std::string& text) {
  std::ofstream out(file, std::ios::binary);
  out << text;
  out.close();
  if (!out) {
    throw Error(ErrorKind::kData,
                file.string() + ": cannot be written; is there space and permission?");
  }
}

std::string read_text(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in || std::filesystem::is_directory(file)) {
    throw Error(ErrorKind::kData, file.string() + ": cannot be read; is there such a file?");
  }
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace crucible::experiment
