// The reports for other programs and for a browser.
#include <fmt/format.h>

#include "host/experiment/text_file.hpp"
#include "host/regress/outcome.hpp"

namespace crucible::regress {
namespace {

/// Text inside XML or HTML; what neither may hold becomes a question mark.
std::string escape(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      default: {
        const auto code = static_cast<unsigned char>(c);
        escaped += (code < 0x20 && c != '\n' && c != '\t') || code >= 0x7f ? '?' : c;
      }
    }
  }
  return escaped;
}

double seconds_of(const Regression& regression) {
  double seconds = 0;
  for (const Outcome& outcome : regression.outcomes) seconds += outcome.seconds;
  return seconds;
}

constexpr const char* kStyle =
    R"(body{font:15px/1.5 sans-serif;margin:2em auto;max-width:72em;padding:0 1em;color:#222}
table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;padding:.35em .8em;border-bottom:1px solid #ddd}
code{background:#f4f4f4;padding:0 .2em;overflow-wrap:anywhere}.passed{color:#176f2c}.failed,.crashed,.timeout{color:#b3261e;font-weight:bold}
.not{color:#777}.headline{font-size:1.15em}.small{color:#555;font-size:.9em})";

}  // namespace

std::string junit_xml(const Regression& regression) {
  const int crashed = regression.count(Status::kCrashed), late = regression.count(Status::kTimeout);
  std::string text = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n<testsuite name=\"{}\" "
      "tests=\"{}\" "
      "failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"{:.3f}\">\n",
      escape(regression.name), regression.outcomes.size(), regression.count(Status::kFailed),
      crashed + late, regression.count(Status::kNotRun), seconds_of(regression));
  for (const Outcome& outcome : regression.outcomes) {
    text += fmt::format("<testcase classname=\"{}\" name=\"{}\" time=\"{:.3f}\">",
                        escape(regression.name), escape(outcome.name), outcome.seconds);
    const std::string detail =
        outcome.repeat.empty() ? "" : "repeat: " + escape(outcome.repeat) + "\n";
    if (outcome.status == Status::kFailed) {
      text += fmt::format("<failure message=\"{}\">{}</failure>", escape(outcome.message), detail);
    } else if (outcome.status == Status::kNotRun) {
      text += "<skipped/>";
    } else if (!outcome.passed()) {
      text += fmt::format("<error type=\"{}\" message=\"{}\">{}</error>",
                          status_word(outcome.status), escape(outcome.message), detail);
    }
    text += "</testcase>\n";
  }
  return text + "</testsuite>\n</testsuites>\n";
}

std::string html_page(const Regression& regression) {
  std::string text = fmt::format(
      "<!doctype html>\n<html lang=\"en\"><head><meta "
      "charset=\"utf-8\"><title>{0}</title><style>{1}"
      "</style></head><body>\n<h1>{0}</h1>\n<p>{2}</p>\n<p class=\"headline {3}\">{4}</p>\n<p "
      "class=\"small\">",
      escape(regression.name), kStyle, escape(regression.what),
      regression.passed() ? "passed" : "failed", escape(regression.headline));
  for (const auto& [key, value] : regression.facts) {
    text += fmt::format("{}: {}<br>", escape(key), escape(value));
  }
  text += "</p>\n<table><tr><th>test</th><th>result</th><th>seconds</th><th></th></tr>\n";
  for (const Outcome& outcome : regression.outcomes) {
    const std::string word = status_word(outcome.status);
    text += fmt::format(
        "<tr><td>{}<br><span class=\"small\">{}</span></td><td class=\"{}\">{}</td>"
        "<td>{:.2f}</td><td>",
        escape(outcome.name), escape(outcome.what), word, word, outcome.seconds);
    if (!outcome.message.empty()) text += escape(outcome.message) + "<br>";
    if (outcome.retries > 0) text += fmt::format("after {} failed runs<br>", outcome.retries);
    for (const auto& [key, value] : outcome.facts) {
      text += fmt::format("{} {} ", escape(value), escape(key));
    }
    for (const auto& [label, path] : outcome.links) {
      text += fmt::format("<a href=\"{}\">{}</a> ", escape(path), escape(label));
    }
    if (!outcome.repeat.empty() && !outcome.passed()) {
      text += fmt::format("<br><code>{}</code>", escape(outcome.repeat));
    }
    text += "</td></tr>\n";
  }
  return text + "</table></body></html>\n";
}

void write_reports(const Regression& regression, const std::filesystem::path& folder) {
  const std::pair<const char*, std::string> files[] = {
      {"report.json",
       regression_json(regression)
               .dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) +
           "\n"},
      {"junit.xml", junit_xml(regression)},
      {"report.html", html_page(regression)}};
  for (const auto& [name, text] : files) {
    const std::filesystem::path fresh = folder / (std::string(name) + ".new");
    experiment::write_text(fresh, text);
    std::filesystem::rename(fresh, folder / name);
  }
}

}  // namespace crucible::regress
