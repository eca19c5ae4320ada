#include "host/experiment/npy.hpp"

#include <fmt/format.h>

#include <bit>
#include <cstring>
#include <fstream>
#include <limits>
#include <type_traits>

#include "models/error.hpp"

namespace crucible::experiment {
namespace {

static_assert(std::endian::native == std::endian::little);

constexpr std::string_view kMagic = "\x93NUMPY";

[[noreturn]] void fail(const std::filesystem::path& file, const std::string& message) {
  throw Error(ErrorKind::kData, fmt::format("{}: {}", file.string(), message));
}

template <class T>
constexpr std::string_view descr_of() {
  if constexpr (std::is_same_v<T, int8_t>) return "|i1";
  if constexpr (std::is_same_v<T, uint8_t>) return "|u1";
  if constexpr (std::is_same_v<T, int16_t>) return "<i2";
  if constexpr (std::is_same_v<T, int32_t>) return "<i4";
  if constexpr (std::is_same_v<T, int64_t>) return "<i8";
  if constexpr (std::is_same_v<T, float>) return "<f4";
  if constexpr (std::is_same_v<T, double>) return "<f8";
}

std::string dtype_name(std::string_view descr) {
  if (descr.size() != 3) return std::string(descr);
  const int bits = (descr[2] - '0') * 8;
  const std::string order = descr[0] == '>' ? "big-endian " : "";
  switch (descr[1]) {
    case 'i':
      return fmt::format("{}int{}", order, bits);
    case 'u':
      return fmt::format("{}uint{}", order, bits);
    case 'f':
      return fmt::format("{}float{}", order, bits);
    case 'b':
      return "bool";
    default:
      return std::string(descr);
  }
}

/// The header is a Python dictionary literal with the keys descr, fortran_order and shape, in any
/// order.
class HeaderParser {
 public:
  HeaderParser(const std::filesystem::path& file, std::string_view text)
      : file_(file), text_(text) {}

  void parse(NpyHeader& header) {
    bool descr = false, order = false, shape = false;
    expect('{');
    while (!accept('}')) {
      const std::string key = quoted();
      expect(':');
      if (key == "descr" && !descr) {
        descr = true;
        if (peek() != '\'' && peek() != '"') {
          fail(file_, "expected one number type, found a structured dtype; save one plain array");
        }
        header.descr = quoted();
      } else if (key == "fortran_order" && !order) {
        order = true;
        if (word() == "True") {
          fail(file_,
               "expected C order, found Fortran order; save np.ascontiguousarray(a) instead");
        }
      } else if (key == "shape" && !shape) {
        shape = true;
        header.shape = tuple();
      } else {
        malformed();
      }
      if (!accept(',') && peek() != '}') malformed();
    }
    while (position_ < text_.size()) {
      if (text_[position_] != ' ' && text_[position_] != '\n') malformed();
      ++position_;
    }
    if (!descr || !order || !shape) malformed();
  }

 private:
  [[noreturn]] void malformed() const {
    fail(file_, fmt::format("expected a .npy header with descr, fortran_order and shape, found "
                            "'{}' (byte {} of the header)",
                            text_.substr(0, 60), position_));
  }
  char peek() {
    while (position_ < text_.size() && text_[position_] == ' ') ++position_;
    return position_ < text_.size() ? text_[position_] : '\0';
  }
  bool accept(char c) {
    if (peek() != c) return false;
    ++position_;
    return true;
  }
  void expect(char c) {
    if (!accept(c)) malformed();
  }
  std::string quoted() {
    const char quote = peek();
    if (quote != '\'' && quote != '"') malformed();
    const size_t end = text_.find(quote, ++position_);
    if (end == std::string_view::npos) malformed();
    std::string value(text_.substr(position_, end - position_));
    position_ = end + 1;
    return value;
  }
  std::string_view word() {
    peek();
    const size_t begin = position_;
    while (position_ < text_.size() && std::isalpha(static_cast<unsigned char>(text_[position_])))
      ++position_;
    const std::string_view value = text_.substr(begin, position_ - begin);
    if (value != "True" && value != "False") malformed();
    return value;
  }
  std::vector<size_t> tuple() {
    std::vector<size_t> lengths;
    expect('(');
    while (!accept(')')) {
      if (!std::isdigit(static_cast<unsigned char>(peek()))) malformed();
      size_t length = 0;
      while (position_ < text_.size() &&
             std::isdigit(static_cast<unsigned char>(text_[position_]))) {
        if (length > (size_t{1} << 40)) malformed();
        length = length * 10 + static_cast<size_t>(text_[position_++] - '0');
      }
      lengths.push_back(length);
      if (!accept(',') && peek() != ')') malformed();
    }
    return lengths;
  }

  const std::filesystem::path& file_;
  std::string_view text_;
  size_t position_ = 0;
};

std::string read_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in || std::filesystem::is_directory(file)) {
    fail(file, "cannot be read; is there such a file?");
  }
  return {std::istreambuf_iterator<char>(in), {}};
}

NpyHeader parse_header(const std::filesystem::path& file, const std::string& bytes) {
  if (bytes.size() < 10 || bytes.compare(0, kMagic.size(), kMagic) != 0) {
    fail(file, fmt::format("expected a .npy file (first bytes \\x93NUMPY), found {}",
                           bytes.size() < 10 ? fmt::format("{} bytes in all", bytes.size())
                                             : "something else"));
  }
  const int major = static_cast<unsigned char>(bytes[6]);
  const int minor = static_cast<unsigned char>(bytes[7]);
  if (major < 1 || major > 3 || minor != 0) {
    fail(file, fmt::format("expected .npy version 1.0, 2.0 or 3.0, found {}.{}", major, minor));
  }
  const size_t start = major == 1 ? 10 : 12;
  uint32_t length = 0;
  if (bytes.size() >= start) std::memcpy(&length, bytes.data() + 8, start - 8);
  if (bytes.size() < start + length) {
    fail(file, fmt::format("truncated: expected a header of {} bytes, found {} bytes in all",
                           start + length, bytes.size()));
  }
  NpyHeader header;
  header.data_offset = start + length;
  HeaderParser(file, std::string_view(bytes).substr(start, length)).parse(header);
  header.count = 1;
  for (const size_t n : header.shape) {
    if (n != 0 && header.count > std::numeric_limits<size_t>::max() / 64 / n) {
      fail(file, fmt::format("shape {} is too large", shape_text(header.shape)));
    }
    header.count *= n;
  }
  const size_t width =
      header.descr.size() == 3 && std::isdigit(static_cast<unsigned char>(header.descr[2]))
          ? static_cast<size_t>(header.descr[2] - '0')
          : 0;
  const size_t found = bytes.size() - header.data_offset;
  if (width != 0 && found != header.count * width) {
    fail(file,
         fmt::format("{}: expected {} bytes of {} with shape {}, found {}",
                     found < header.count * width ? "truncated" : "too long", header.count * width,
                     dtype_name(header.descr), shape_text(header.shape), found));
  }
  return header;
}

std::string pattern_text(const std::vector<int64_t>& expected) {
  std::string text;
  for (const int64_t n : expected) {
    text += (text.empty() ? "" : ", ") + (n == kAnyLength ? std::string("any") : std::to_string(n));
  }
  return "(" + text + (expected.size() == 1 ? ",)" : ")");
}

bool fits(const std::vector<size_t>& shape, const std::vector<int64_t>& expected) {
  if (shape.size() != expected.size()) return false;
  for (size_t i = 0; i < shape.size(); ++i) {
    if (expected[i] != kAnyLength && shape[i] != static_cast<size_t>(expected[i])) return false;
  }
  return true;
}

}  // namespace

std::string shape_text(const std::vector<size_t>& shape) {
  return fmt::format("({}{})", fmt::join(shape, ", "), shape.size() == 1 ? "," : "");
}

NpyHeader read_npy_header(const std::filesystem::path& file) {
  return parse_header(file, read_file(file));
}

template <class T>
Array<T> load_npy(const std::filesystem::path& file, const std::vector<int64_t>& expected) {
  const std::string bytes = read_file(file);
  const NpyHeader header = parse_header(file, bytes);
  if (header.descr != descr_of<T>()) {
    fail(file, fmt::format("expected {}, found {}; convert with a.astype(np.{})",
                           dtype_name(descr_of<T>()), dtype_name(header.descr),
                           dtype_name(descr_of<T>())));
  }
  if (!expected.empty() && !fits(header.shape, expected)) {
    fail(file, fmt::format("expected shape {}, found {}", pattern_text(expected),
                           shape_text(header.shape)));
  }
  Array<T> array{header.shape, std::vector<T>(header.count)};
  std::memcpy(array.values.data(), bytes.data() + header.data_offset, header.count * sizeof(T));
  return array;
}

template <class T>
void save_npy(const std::filesystem::path& file, const std::vector<size_t>& shape,
              std::span<const T> values) {
  size_t count = 1;
  for (const size_t n : shape) count *= n;
  if (count != values.size()) {
    throw Error(ErrorKind::kInternal, fmt::format("{}: {} values do not fill shape {}",
                                                  file.string(), values.size(), shape_text(shape)));
  }
  std::string header = fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': {}, }}",
                                   descr_of<T>(), shape_text(shape));
  header.append(63 - (10 + header.size()) % 64, ' ');
  header += '\n';
  const auto length = static_cast<uint16_t>(header.size());
  std::ofstream out(file, std::ios::binary);
  out << kMagic << '\x01' << '\x00';
  out.write(reinterpret_cast<const char*>(&length), 2);
  out << header;
  out.write(reinterpret_cast<const char*>(values.data()),
            static_cast<std::streamsize>(values.size_bytes()));
  out.close();
  if (!out) fail(file, "cannot be written; is there space and permission?");
}

#define CRUCIBLE_NPY(T)                                                                     \
  template Array<T> load_npy<T>(const std::filesystem::path&, const std::vector<int64_t>&); \
  template void save_npy<T>(const std::filesystem::path&, const std::vector<size_t>&,       \
                            std::span<const T>)
CRUCIBLE_NPY(int8_t);
CRUCIBLE_NPY(uint8_t);
CRUCIBLE_NPY(int16_t);
CRUCIBLE_NPY(int32_t);
CRUCIBLE_NPY(int64_t);
CRUCIBLE_NPY(float);
CRUCIBLE_NPY(double);
#undef CRUCIBLE_NPY

}  // namespace crucible::experiment
