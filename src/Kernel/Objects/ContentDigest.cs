using System.Security.Cryptography;

namespace Lambent.Kernel.Objects;

/// <summary>MD5, which clients take an object's ETag for. It guards against mistakes, not against anybody.</summary>
public static class ContentDigest
{
    public static byte[] Md5(ReadOnlySpan<byte> bytes)
    {
#pragma warning disable CA5351 // Part of the protocol, not of its safety.
        return MD5.HashData(bytes);
#pragma warning restore CA5351
    }
}
