#include "runtime/adapter/process.h"

#include <fcntl.h>
#include <sys/types.h>
#include <unistd.h>
#include <uv.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <utility>

namespace exm {
namespace {

constexpr Milliseconds moment = 200;  // for streams that a background process keeps open

/// A pipe whose far end the child inherits. Real pipes: a script may open /dev/stderr, which sockets refuse.
struct Pipe {
  uv_file here = -1;
  uv_file there = -1;
};

struct Written {
  uv_write_t request{};
  std::string text;
};

uv_handle_t* as_handle(void* handle) { return static_cast<uv_handle_t*>(handle); }
uv_stream_t* as_stream(uv_pipe_t* pipe) { return reinterpret_cast<uv_stream_t*>(pipe); }

}  // namespace

struct Process::Streams {
  Loop* loop = nullptr;
  uv_process_t process{};
  uv_pipe_t input{}, output{}, error{};
  ProcessEvents events;
  bool owned = true;          // a Process points here
  bool exited = false;
  bool told = false;
  int reading = 0;            // streams that have not ended
  int handles = 0;            // not closed yet
  ProcessEnd end;
  Loop::Alarm patience = 0;

  void hold(void* handle) {
    as_handle(handle)->data = this;
    ++handles;
  }

  void close(void* handle) {
    if (uv_is_closing(as_handle(handle)) != 0) return;
    uv_close(as_handle(handle), [](uv_handle_t* closed) {
      auto* self = static_cast<Streams*>(closed->data);
      if (--self->handles == 0 && !self->owned) delete self;
    });
  }

  void close_all() {
    loop->forget(patience);
    for (void* handle : {static_cast<void*>(&input), static_cast<void*>(&output), static_cast<void*>(&error)})
      if (as_handle(handle)->data != nullptr) close(handle);
    close(&process);
  }

  void look() {
    if (!exited || told) return;
    if (reading > 0) {
      if (patience == 0) patience = loop->after(moment, [this] { finish(); });
      return;
    }
    finish();
  }

  void finish() {
    if (told) return;
    told = true;
    close_all();
    if (owned && events.ended) {
      const auto ended = events.ended;
      ended(end);
    }
  }

  void read_from(uv_pipe_t* pipe) {
    ++reading;
    uv_read_start(
        as_stream(pipe),
        [](uv_handle_t* handle, std::size_t, uv_buf_t* buffer) {
          auto* self = static_cast<Streams*>(handle->data);
          *buffer = uv_buf_init(self->loop->buffer().data(), static_cast<unsigned>(self->loop->buffer().size()));
        },
        [](uv_stream_t* stream, ssize_t count, const uv_buf_t* buffer) {
          auto* self = static_cast<Streams*>(stream->data);
          if (count > 0) return self->said(stream, {buffer->base, static_cast<std::size_t>(count)});
          if (count == 0) return;
          self->close(stream);
          --self->reading;
          self->look();
        });
  }

  void said(uv_stream_t* stream, std::string_view bytes) {
    if (!owned) return;
    const auto& hear = stream == as_stream(&output) ? events.output : events.error;
    if (hear) hear(bytes);
  }
};

namespace {

/// Where there is a /proc to ask: whether all that is left of a process group has ended, and only waits for a parent that takes
/// no notice (the first process of many a container).
bool only_zombies(int group) {
  std::error_code error;
  bool any = false;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", error)) {
    if (entry.path().filename().string().find_first_not_of("0123456789") != std::string::npos) continue;
    std::ifstream file(entry.path() / "stat");
    std::string text;
    std::getline(file, text);
    const auto name_end = text.rfind(')');
    if (name_end == std::string::npos) continue;
    char state = '?';
    int parent = 0, theirs = 0;
    if (std::sscanf(text.c_str() + name_end + 1, " %c %d %d", &state, &parent, &theirs) != 3 || theirs != group) continue;
    any = true;
    if (state != 'Z' && state != 'X') return false;
  }
  return any;
}

Failure no_pipe(int error) {
  return {Failure::Kind::environment, std::string("no pipe to a program could be made: ") + uv_strerror(error) +
                                          "; if there are too many open files, raise `ulimit -n` or use --parallel"};
}

void close_pipe(Pipe& pipe) {
  if (pipe.here >= 0) ::close(pipe.here);
  if (pipe.there >= 0) ::close(pipe.there);
}

}  // namespace

Result<std::unique_ptr<Process>> Process::start(Loop& loop, const std::vector<std::string>& command, bool input, ProcessEvents events) {
  std::array<Pipe, 3> pipes;
  for (std::size_t i = input ? 0 : 1; i < pipes.size(); ++i) {
    std::array<uv_file, 2> ends{};
    if (const int error = uv_pipe(ends.data(), UV_NONBLOCK_PIPE, UV_NONBLOCK_PIPE); error != 0) {
      for (auto& pipe : pipes) close_pipe(pipe);
      return no_pipe(error);
    }
    pipes[i] = i == 0 ? Pipe{ends[1], ends[0]} : Pipe{ends[0], ends[1]};
    // The child's end blocks, as programs expect of their streams.
    fcntl(pipes[i].there, F_SETFL, fcntl(pipes[i].there, F_GETFL) & ~O_NONBLOCK);
  }

  auto* streams = new Streams;
  streams->loop = &loop;
  streams->events = std::move(events);
  std::vector<char*> words;
  for (const auto& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  std::array<uv_stdio_container_t, 3> stdio{};
  for (std::size_t i = 0; i < stdio.size(); ++i) {
    stdio[i].flags = pipes[i].there < 0 ? UV_IGNORE : UV_INHERIT_FD;
    stdio[i].data.fd = pipes[i].there;
  }
  uv_process_options_t options{};
  options.file = words[0];
  options.args = words.data();
  options.flags = UV_PROCESS_DETACHED;  // a session, and so a process group, of its own
  options.stdio_count = static_cast<int>(stdio.size());
  options.stdio = stdio.data();
  options.exit_cb = [](uv_process_t* process, std::int64_t code, int signal) {
    auto* self = static_cast<Streams*>(process->data);
    self->exited = true;
    self->end = {static_cast<int>(code), signal};
    self->look();
  };
  streams->hold(&streams->process);
  const int error = uv_spawn(loop.handle(), &streams->process, &options);
  for (auto& pipe : pipes)
    if (pipe.there >= 0) ::close(std::exchange(pipe.there, -1));
  if (error != 0) {
    for (auto& pipe : pipes) close_pipe(pipe);
    streams->owned = false;
    streams->close(&streams->process);
    return Failure{Failure::Kind::environment, "`" + command.front() + "` could not be started: " + uv_strerror(error)};
  }
  const std::array<uv_pipe_t*, 3> ends{&streams->input, &streams->output, &streams->error};
  for (std::size_t i = 0; i < pipes.size(); ++i) {
    if (pipes[i].here < 0) continue;
    uv_pipe_init(loop.handle(), ends[i], 0);
    streams->hold(ends[i]);
    uv_pipe_open(ends[i], pipes[i].here);
    if (i > 0) streams->read_from(ends[i]);
  }
  return std::unique_ptr<Process>(new Process(streams));
}

Process::~Process() {
  streams_->owned = false;
  streams_->close_all();
  if (streams_->handles == 0) delete streams_;
}

void Process::write(std::string_view text) {
  if (streams_->input.data == nullptr || uv_is_closing(as_handle(&streams_->input)) != 0 || text.empty()) return;
  auto* written = new Written;
  written->text = text;
  written->request.data = written;
  const uv_buf_t buffer = uv_buf_init(written->text.data(), static_cast<unsigned>(written->text.size()));
  const int error = uv_write(&written->request, as_stream(&streams_->input), &buffer, 1,
                             [](uv_write_t* request, int) { delete static_cast<Written*>(request->data); });
  if (error != 0) delete written;
}

void Process::close_input() {
  if (streams_->input.data == nullptr || uv_is_closing(as_handle(&streams_->input)) != 0) return;
  auto* request = new uv_shutdown_t;
  const int error = uv_shutdown(request, as_stream(&streams_->input), [](uv_shutdown_t* done, int) {
    static_cast<Streams*>(done->handle->data)->close(done->handle);
    delete done;
  });
  if (error == 0) return;
  delete request;
  streams_->close(&streams_->input);
}

std::size_t Process::unread() const {
  return streams_->input.data == nullptr ? 0 : uv_stream_get_write_queue_size(as_stream(const_cast<uv_pipe_t*>(&streams_->input)));
}

int Process::id() const { return streams_->process.pid; }

void Process::signal_group(int signal) { (void)::kill(-streams_->process.pid, signal); }

bool Process::group_lives() const {
  const int group = streams_->process.pid;
  if (::kill(-group, 0) != 0 && errno != EPERM) return false;
  return !only_zombies(group);
}

}  // namespace exm
