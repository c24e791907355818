# SPDX-License-Identifier: MIT
"""scripts/library_headers.py: what it reads of a header."""

import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))

from library_headers import Declaration, read_headers  # noqa: E402: found by the path above


def read(body: str) -> list[Declaration]:
    with tempfile.TemporaryDirectory() as directory:
        (Path(directory) / "x.hpp").write_text(f"#pragma once\n\nnamespace fid {{\n{body}\n}}  // namespace fid\n")
        return read_headers([Path(directory)])["x.hpp"].declarations


def texts(declarations: list[Declaration]) -> list[str]:
    return [one.text for one in declarations]


class Headers(unittest.TestCase):
    def test_a_comment_speaks_for_what_follows_without_a_gap(self):
        got = read("""
/// Both.
int a();
int b();

int c();
/// Alone.
int d();
""")
        self.assertEqual(texts(got), ["int a()", "int b()", "int c()", "int d()"])
        self.assertEqual([one.starts_group for one in got], [True, False, True, True])
        self.assertEqual([one.doc for one in got], [["Both."], [], [], ["Alone."]])

    def test_of_a_class_there_is_what_is_public(self):
        [got] = read("""
/// A thing.
template <class T>
class [[nodiscard]] Thing final : public Base<T>, private Hidden {
 public:
  Thing(Thing&&) noexcept = default;
  explicit Thing(int a) : a_{a}, b_(a) {}
  ~Thing() { close(); }
  /// Does it.
  Result<void> act(std::string_view how = "}{", Caller caller = Caller::here()) && noexcept {
    if (x) { return {}; }
    return fail('{');
  }
  static constexpr int most = 1'000;
  friend bool operator==(Thing, Thing) = default;

 protected:
  void hidden();

 private:
  int a_;
};
""")
        self.assertEqual((got.name, got.text, got.bases, got.doc),
                         ("Thing", "template <class T> class Thing", ["Base"], ["A thing."]))
        self.assertEqual(texts(got.members), [
            "Thing(int a)", 'Result<void> act(std::string_view how = "}{") &&', "static int most = 1'000"])
        self.assertEqual(got.members[1].doc, ["Does it."])

    def test_values_have_what_is_behind_them(self):
        got = read("""
enum class Errc {
  one = 1,  ///< the first
            ///< of two
  /// The second.
  two,
};
struct Pair {
  int left = 0;  ///< this side
  int right;
};
""")
        self.assertEqual([(one.name, one.doc) for one in got[0].members],
                         [("one", ["the first", "of two"]), ("two", ["The second."])])
        self.assertEqual([(one.text, one.doc, one.starts_group) for one in got[1].members],
                         [("int left", ["this side"], True), ("int right", [], True)])

    def test_what_is_not_promised_is_left_out(self):
        self.assertEqual(read("""
namespace detail {
/// Inside.
int a();
}  // namespace detail
class Declared;
extern template class List<int>;
constexpr Ready Interest::mask() const noexcept { return {}; }
template <class R>
Reader(R&&) -> Reader<R>;
"""), [])

    def test_names_say_the_namespace_they_are_in(self):
        self.assertEqual([one.name for one in read("""
namespace sockopt {
/// On or off.
extern const Option<bool> nodelay;
}  // namespace sockopt
""")], ["sockopt::nodelay"])

    def test_templates_concepts_and_requirements_are_kept_where_they_say_something(self):
        self.assertEqual(texts(read("""
template <class S>
concept Readable = requires(S& s) {
  { s.read() } -> std::same_as<int>;
};
template <Readable S>
auto read(S& from) requires requires(S& s) { s.peek(); }
{ return from.read(); }
template <class F>
auto run(F make) -> Result<typename decltype(make())::value_type> { return make(); }
using Linger = std::optional<int>;
""")), ["template <class S> concept Readable",
        "template <Readable S> auto read(S& from) requires requires(S& s) { s.peek(); }",
        "template <class F> auto run(F make) -> Result<...>",
        "using Linger = std::optional<int>"])


if __name__ == "__main__":
    unittest.main()
