// SPDX-License-Identifier: BSL-1.0
// Asks a host again and again on some connections, and judges every byte of what comes.
//
//   asker PORT CONNECTION…       until its standard input ends
//
// CONNECTION is PATH:LINES:keep or PATH:LINES:fresh, where an answer of PATH is LINES times the
// same line "generation NNNNNN", or PATH:0:… where it is to have status 200 alone; on a connection
// that is kept no generation comes after a later one. Prints a line for each, and one for all:
//
//   PATH answers=… faults=… reconnects=… gap_us=… p50_us=… p99_us=… [first fault]
#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <atomic>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

namespace {

using clock_type = std::chrono::steady_clock;

std::atomic<bool> is_over{false};
std::atomic<std::int64_t> last_answer{0}; // of all connections
std::atomic<std::int64_t> longest_gap{0};

std::int64_t now_us() {
    return std::chrono::duration_cast<std::chrono::microseconds>(
               clock_type::now().time_since_epoch())
        .count();
}

void raise_to(std::atomic<std::int64_t>& most, std::int64_t value) {
    auto before = most.load();
    while (before < value && !most.compare_exchange_weak(before, value)) {
    }
}

// Threads come here in another order than that of their answers.
void note_answer(std::int64_t now) {
    auto before = last_answer.load();
    while (before < now && !last_answer.compare_exchange_weak(before, now)) {
    }
    if (before < now) {
        raise_to(longest_gap, now - before);
    }
}

// A proxy writes field names as it likes.
bool is_in_any_case(std::string_view text, std::string_view lower) {
    return std::ranges::equal(text, lower, {}, [](char byte) {
        return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte;
    });
}

// A connection's bytes as they are needed.
class reader {
public:
    explicit reader(int from) : from_{from} {}

    // Up to a line end, which is taken and left out. False: the end came first.
    bool line(std::string_view& to) {
        std::size_t searched = 0;
        for (;;) {
            const auto rest = std::string_view{bytes_}.substr(at_);
            if (const auto end = rest.find("\r\n", searched); end != rest.npos) {
                to = rest.substr(0, end);
                at_ += end + 2;
                return true;
            }
            searched = rest.size() > 0 ? rest.size() - 1 : 0;
            if (!more()) {
                return false;
            }
        }
    }
    bool exactly(std::size_t size, std::string& to) {
        while (bytes_.size() - at_ < size) {
            if (!more()) {
                return false;
            }
        }
        to.append(bytes_, at_, size);
        at_ += size;
        return true;
    }
    // Before the next answer: what lines() gave is not needed any more.
    void drop_read() {
        bytes_.erase(0, at_);
        at_ = 0;
    }

private:
    bool more() {
        std::array<char, 16 * 1024> room;
        const auto got = ::recv(from_, room.data(), room.size(), 0);
        if (got <= 0) {
            return false;
        }
        bytes_.append(room.data(), static_cast<std::size_t>(got));
        return true;
    }

    int from_;
    std::string bytes_;
    std::size_t at_ = 0;
};

class connection {
public:
    connection(int port, std::string_view spec) : port_{port} {
        const auto first = spec.find(':');
        const auto second = spec.find(':', first + 1);
        path_ = spec.substr(0, first);
        lines_ = std::strtoul(std::string{spec.substr(first + 1)}.c_str(), nullptr, 10);
        keeps_ = spec.substr(second + 1) == "keep";
        request_ = "GET " + path_ + " HTTP/1.1\r\nHost: localhost\r\n" +
                   (keeps_ ? "" : "Connection: close\r\n") + "\r\n";
    }

    void run() {
        auto last = now_us();
        while (!is_over) {
            const int to = open();
            if (to < 0) {
                fail("no connection");
                std::this_thread::sleep_for(std::chrono::milliseconds{1});
                continue;
            }
            reader from{to};
            do {
                const auto begun = now_us();
                if (!ask(to, from)) {
                    break;
                }
                const auto now = now_us();
                gap_ = std::max(gap_, now - std::exchange(last, now));
                if (!is_over) { // then the others have stopped
                    note_answer(now);
                }
                times_.push_back(static_cast<std::uint32_t>(now - begun));
            } while (keeps_ && !closes_ && !is_over);
            ::close(to);
            ++connections_;
        }
    }

    void print() {
        std::printf(
            "%s answers=%zu faults=%zu reconnects=%zu gap_us=%lld p50_us=%u p99_us=%u%s%s\n",
            path_.c_str(), times_.size(), faults_,
            keeps_ && connections_ > 0 ? connections_ - 1 : 0, static_cast<long long>(gap_),
            share(0.5), share(0.99), fault_.empty() ? "" : " ", fault_.c_str());
    }

    std::size_t answers() const { return times_.size(); }
    std::size_t faults() const { return faults_; }

private:
    int open() const {
        const int to = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in at{};
        at.sin_family = AF_INET;
        at.sin_port = htons(static_cast<std::uint16_t>(port_));
        at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const int on = 1;
        ::setsockopt(to, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        const timeval patience{.tv_sec = 30, .tv_usec = 0};
        ::setsockopt(to, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        if (::connect(to, reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0) {
            ::close(to);
            return -1;
        }
        return to;
    }

    bool ask(int to, reader& from) {
        content_.clear();
        closes_ = false;
        from.drop_read();
        if (::send(to, request_.data(), request_.size(), MSG_NOSIGNAL) !=
            static_cast<ssize_t>(request_.size())) {
            return fail("could not send");
        }
        std::string_view line;
        if (!from.line(line)) {
            return fail("closed before the answer");
        }
        if (!line.starts_with("HTTP/1.1 200")) {
            return fail(line);
        }
        std::size_t length = 0;
        bool is_chunked = false;
        while (from.line(line) && !line.empty()) {
            constexpr std::string_view name = "content-length: ";
            if (is_in_any_case(line.substr(0, name.size()), name)) {
                std::from_chars(line.data() + name.size(), line.data() + line.size(), length);
            }
            closes_ = closes_ || is_in_any_case(line, "connection: close");
            is_chunked = is_chunked || is_in_any_case(line, "transfer-encoding: chunked");
        }
        if (!(is_chunked ? read_chunks(from) : from.exactly(length, content_))) {
            return fail("closed within the content");
        }
        return judge();
    }

    bool read_chunks(reader& from) {
        for (;;) {
            std::string_view line;
            std::size_t size = 0;
            if (!from.line(line)) {
                return false;
            }
            std::from_chars(line.data(), line.data() + line.size(), size, 16);
            std::string end;
            if (!from.exactly(size, content_) || !from.exactly(2, end)) {
                return false;
            }
            if (size == 0) {
                return true;
            }
        }
    }

    bool judge() {
        constexpr std::size_t size = std::string_view{"generation 000000\n"}.size();
        if (lines_ == 0) {
            return true;
        }
        const auto first = std::string_view{content_}.substr(0, size);
        unsigned number = 0;
        std::from_chars(first.data() + std::min<std::size_t>(first.size(), 11),
                        first.data() + first.size(), number);
        bool is_right = content_.size() == size * lines_ && first.starts_with("generation ");
        for (std::size_t at = size; is_right && at < content_.size(); at += size) {
            is_right = std::string_view{content_}.substr(at, size) == first;
        }
        if (!is_right || (keeps_ && number < newest_)) {
            return fail("wrong content: " + content_.substr(0, 60));
        }
        newest_ = number;
        return true;
    }

    bool fail(std::string_view why) {
        if (!is_over) {
            ++faults_;
            fault_ = fault_.empty() ? std::string{why} : fault_;
        }
        return false;
    }

    unsigned share(double part) {
        if (times_.empty()) {
            return 0;
        }
        const auto at = times_.begin() +
                        static_cast<std::ptrdiff_t>(static_cast<double>(times_.size() - 1) * part);
        std::nth_element(times_.begin(), at, times_.end());
        return *at;
    }

    int port_;
    std::string path_;
    std::size_t lines_ = 0;
    bool keeps_ = false;
    bool closes_ = false; // so said the last answer
    std::string request_;
    std::string content_;
    std::string fault_; // the first
    std::size_t faults_ = 0;
    std::size_t connections_ = 0;
    unsigned newest_ = 0;
    std::int64_t gap_ = 0;
    std::vector<std::uint32_t> times_;
};

} // namespace

int main(int argc, char** argv) {
    if (argc < 3) {
        std::fprintf(stderr, "asker PORT PATH:LINES:keep|fresh…\n");
        return 2;
    }
    last_answer = now_us();
    std::vector<std::unique_ptr<connection>> all;
    std::vector<std::thread> threads;
    for (int index = 2; index < argc; ++index) {
        all.push_back(std::make_unique<connection>(std::atoi(argv[1]), argv[index]));
        threads.emplace_back([&one = *all.back()] { one.run(); });
    }
    char byte = 0;
    while (::read(STDIN_FILENO, &byte, 1) > 0) {
    }
    is_over = true;
    std::size_t answers = 0;
    std::size_t faults = 0;
    for (std::size_t index = 0; index < all.size(); ++index) {
        threads[index].join();
        all[index]->print();
        answers += all[index]->answers();
        faults += all[index]->faults();
    }
    std::printf("all answers=%zu faults=%zu gap_us=%lld\n", answers, faults,
                static_cast<long long>(longest_gap.load()));
    return 0;
}
