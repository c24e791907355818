// SPDX-License-Identifier: MIT
#include "endpoint/endpoint.hpp"
#include "endpoint/kind/common_options.hpp"
#include "endpoint/kind/kinds.hpp"

#include <fid/sys/child_stream.hpp>

#include <utility>

namespace fid::endpoint::kind {
namespace {

constexpr OptionSpec options[] = {
    {
        .name = "env",
        .type = ValueType::list,
        .value_name = "NAME=VALUE",
        .when = When::opening,
        .help = "set a variable for the command; may be given more than once",
        .example = "env=LANG=C",
        .secret = true,
    },
    {
        .name = "dir",
        .aliases = "chdir|cd",
        .type = ValueType::text,
        .value_name = "DIR",
        .when = When::opening,
        .help = "run the command in this directory",
        .example = "dir=/srv",
    },
    {
        .name = "stderr",
        .type = ValueType::choice,
        .choices = "inherit|join|null",
        .default_text = "inherit",
        .when = When::opening,
        .help = "its errors: to ours, sent with its output, or nowhere",
        .example = "stderr=join",
    },
    option::eof,
    option::linger,
};

Result<void> direct_errors(ProcessOptions& command, ChildJoin& join, std::string_view where) {
  join.errors_too = where == "join";
  if (where != "null") return {};
  os::OpenOptions for_writing;
  for_writing.write = true;
  auto null = os::open("/dev/null", for_writing);
  if (!null) return fail(null.error());
  command.give(2, *std::move(null));
  return {};
}

Task<ConnectionPtr> open_exec(const Address& address, const OpenContext& context) {
  ProcessOptions command(address.words);
  // Whoever opened it ends it in an orderly way; this is for when nothing came of the connection.
  command.kill_on_drop().new_group(context.own_group);
  for (const std::string& variable : address.list("env")) {
    const std::size_t equals = variable.find('=', 1);
    command.env(variable.substr(0, equals), variable.substr(equals + 1));
  }
  if (auto directory = address.text("dir")) command.directory(*std::move(directory));
  ChildJoin join;
  join.sides = {context.access != Access::write, context.access != Access::read};
  co_await direct_errors(command, join, address.text("stderr").value_or(""));

  auto child = co_await start_with_stream(std::move(command), join);
  auto connection = std::make_unique<Connection>();
  connection->stream = std::move(child.stream);
  connection->child = std::move(child.process);
  co_return connection;
}

}  // namespace

constexpr Kind exec{
    .name = "exec",
    .form = "exec:COMMAND",
    .summary = "a command, joined by its input and output",
    .parameter = Parameter::command,
    .roles = Roles::connects,
    .traffic = Traffic::stream,
    .options = options,
    .example = "exec:'grep -v \"a b\"'",
    .help =
        "Split at blanks; quotes and backslashes keep words together, and no shell is started. "
        "A comma ends the command unless it is quoted. Its input and output are pipes. Where bytes "
        "only go to it, its output is ours; where they only come from it, its input is empty.",
    .open = open_exec,
};

}  // namespace fid::endpoint::kind
