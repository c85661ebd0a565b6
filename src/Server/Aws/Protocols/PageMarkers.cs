using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Storage;

namespace Lambent.Server.Aws.Protocols;

/// <summary>
/// Marker and NextMarker of the List operations: where the next page starts, opaque to the caller. Each is sealed
/// with a key of the server for one operation and one account, so that a marker is only good for what it was given
/// for, and a made-up one is refused instead of guessed at.
/// </summary>
internal sealed class PageMarkers(byte[] key)
{
    private const string KeySetting = "page-marker-key";
    private const int SealBytes = 16;

    /// <summary>Longest marker that is looked at: a position is a name, a few dozen characters.</summary>
    private const int MarkerLengthMax = 2_048;

    /// <summary>Loads the key from the store, or makes one at the first start.</summary>
    public static async Task<PageMarkers> LoadAsync(IStore store, CancellationToken cancellation = default)
    {
        if (store.Read(transaction => transaction.Settings.Get(KeySetting)) is { } existing)
        {
            return new PageMarkers(existing);
        }

        var fresh = RandomNumberGenerator.GetBytes(32);
        var stored = await store.WriteAsync<byte[]>(
            transaction =>
            {
                if (transaction.Settings.Get(KeySetting) is { } other)
                {
                    return other;
                }

                transaction.Settings.Put(KeySetting, fresh);
                return fresh;
            },
            cancellation);
        return new PageMarkers(stored.Value);
    }

    /// <summary>A marker for the page that starts after <paramref name="position"/>.</summary>
    public string Seal(string operation, AccountId account, string position)
    {
        var text = Encoding.UTF8.GetBytes(position);
        var marker = new byte[SealBytes + text.Length];
        Mac(operation, account, text).AsSpan(0, SealBytes).CopyTo(marker);
        text.CopyTo(marker, SealBytes);
        return Base64Url.EncodeToString(marker);
    }

    /// <summary>The position in the request's Marker, null when it has none, or InvalidParameter.</summary>
    public Result<string?> Open(string operation, AccountId account, string? marker)
    {
        if (marker is null)
        {
            return default(string);
        }

        // A caller that drops or adds padding means the same marker.
        var bare = marker.TrimEnd('=');
        var bytes = new byte[Base64Url.GetMaxDecodedLength(Math.Min(bare.Length, MarkerLengthMax))];
        if (bare.Length <= MarkerLengthMax
            && Base64Url.DecodeFromChars(bare, bytes, out _, out var length) == OperationStatus.Done
            && length >= SealBytes
            && Mac(operation, account, bytes.AsSpan(SealBytes, length - SealBytes)) is { } expected
            && CryptographicOperations.FixedTimeEquals(expected.AsSpan(0, SealBytes), bytes.AsSpan(0, SealBytes)))
        {
            return Encoding.UTF8.GetString(bytes, SealBytes, length - SealBytes);
        }

        return new Error(
            ErrorCode.InvalidParameter, "The Marker is invalid: pass the NextMarker of the page before.", "Marker");
    }

    /// <summary>
    /// How many items the request wants at most: MaxItems from 1 to <paramref name="allowed"/>, of which never more
    /// than <paramref name="itemsMax"/> come in one page.
    /// </summary>
    public static Result<int> ItemsMax(AwsRequest request, int itemsMax, int allowed = Limits.ListItemsMax)
    {
        if (request.Query("MaxItems") is not { } text)
        {
            return itemsMax;
        }

        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var wanted))
        {
            return new Error(
                ErrorCode.RequestUnreadable, $"MaxItems is not a number: '{text[..Math.Min(text.Length, 40)]}'");
        }

        var violations = new ConstraintViolations();
        violations.Range(wanted, "maxItems", 1, allowed);
        return violations.ToError() is { } error ? error : (int)Math.Min(wanted, itemsMax);
    }

    private byte[] Mac(string operation, AccountId account, ReadOnlySpan<byte> position)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        mac.AppendData(Encoding.UTF8.GetBytes($"{operation}\n{account}\n"));
        mac.AppendData(position);
        return mac.GetHashAndReset();
    }
}
