using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Lambent.Server.Webhooks;

/// <summary>
/// Addresses that are nobody's on the internet, or this network's own (IANA's registries of special-purpose addresses,
/// RFC 6890), and those that carry such an address inside.
/// </summary>
internal static class ReservedAddresses
{
    private static readonly (IPNetwork Network, string Name)[] FourReserved =
    [
        (IPNetwork.Parse("0.0.0.0/8"), "this host"),
        (IPNetwork.Parse("10.0.0.0/8"), "private"),
        (IPNetwork.Parse("100.64.0.0/10"), "shared between a carrier's customers"),
        (IPNetwork.Parse("127.0.0.0/8"), "loopback"),
        (IPNetwork.Parse("169.254.0.0/16"), "link-local, as metadata services are"),
        (IPNetwork.Parse("172.16.0.0/12"), "private"),
        (IPNetwork.Parse("192.0.0.0/24"), "for protocols"),
        (IPNetwork.Parse("192.0.2.0/24"), "for documentation"),
        (IPNetwork.Parse("192.88.99.0/24"), "for relays"),
        (IPNetwork.Parse("192.168.0.0/16"), "private"),
        (IPNetwork.Parse("198.18.0.0/15"), "for benchmarks"),
        (IPNetwork.Parse("198.51.100.0/24"), "for documentation"),
        (IPNetwork.Parse("203.0.113.0/24"), "for documentation"),
        (IPNetwork.Parse("224.0.0.0/4"), "multicast"),
        (IPNetwork.Parse("240.0.0.0/4"), "reserved"),
    ];

    /// <summary>Of what is global unicast otherwise.</summary>
    private static readonly (IPNetwork Network, string Name)[] SixReserved =
    [
        (IPNetwork.Parse("2001::/23"), "for protocols"),
        (IPNetwork.Parse("2001:db8::/32"), "for documentation"),
        (IPNetwork.Parse("3fff::/20"), "for documentation"),
    ];

    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");
    private static readonly IPNetwork Translated = IPNetwork.Parse("64:ff9b::/96");

    /// <summary>What the address is for instead of the internet, or null when it is on the internet.</summary>
    public static string? PurposeOf(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return PurposeOf(address.MapToIPv4());
        }

        return address.AddressFamily switch
        {
            AddressFamily.InterNetwork => Named(FourReserved, address),
            AddressFamily.InterNetworkV6 => PurposeOfSix(address),
            _ => "of an unknown kind",
        };
    }

    private static string? PurposeOfSix(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        if (Translated.Contains(address))
        {
            return Embedded(bytes[12..]);
        }

        if (!GlobalUnicast.Contains(address))
        {
            return address.IsIPv6LinkLocal ? "link-local"
                : address.IsIPv6UniqueLocal ? "private, as metadata services are"
                : address.IsIPv6Multicast ? "multicast"
                : IPAddress.IsLoopback(address) ? "loopback"
                : "not on the internet";
        }

        if (SixToFour.Contains(address) && Embedded(bytes[2..6]) is { } inside)
        {
            return inside;
        }

        // ISATAP: the interface's part is 0000:5efe or 0200:5efe and then an IPv4 address.
        if ((BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]) & ~0x0200_0000u) == 0x0000_5EFE
            && Embedded(bytes[12..]) is { } tunnelled)
        {
            return tunnelled;
        }

        return Named(SixReserved, address);
    }

    private static string? Embedded(ReadOnlySpan<byte> four) =>
        PurposeOf(new IPAddress(four[..4])) is { } purpose ? $"{purpose}, inside an IPv6 address" : null;

    private static string? Named((IPNetwork Network, string Name)[] reserved, IPAddress address)
    {
        foreach (var (network, name) in reserved)
        {
            if (network.Contains(address))
            {
                return name;
            }
        }

        return null;
    }
}
