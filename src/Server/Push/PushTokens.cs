using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Queues;
using Lambent.Kernel.Storage;

namespace Lambent.Server.Push;

/// <summary>One message for one subscriber.</summary>
/// <param name="Queue">The push queue.</param>
/// <param name="LaneNumber">Of the queue as the message was sent.</param>
/// <param name="Sequence">The message's.</param>
/// <param name="Subscriber">Its name.</param>
internal readonly record struct PushedTo(QueueId Queue, long LaneNumber, long Sequence, string Subscriber);

/// <summary>
/// Addresses at which a subscriber acknowledges one message, and that nobody can guess: what they name is signed with
/// the server's key. They are kept nowhere.
/// </summary>
internal sealed class PushTokens(byte[] key)
{
    private const string SettingName = "push-key";
    private const int KeyBytes = 32;
    private const int CodeBytes = 16;
    private const byte Version = 1;
    private const int AccountAt = 1 + (2 * sizeof(long));
    private const int NamesAt = AccountAt + 12;
    private const int TokenLengthMax = 400;

    /// <summary>With the server's key, made at the first start.</summary>
    public static async Task<PushTokens> LoadAsync(IStore store, CancellationToken cancellation = default)
    {
        var fresh = RandomNumberGenerator.GetBytes(KeyBytes);
        var loaded = await store.WriteAsync<byte[]>(
            transaction =>
            {
                if (transaction.Settings.Get(SettingName) is { } known)
                {
                    return known;
                }

                transaction.Settings.Put(SettingName, fresh);
                return fresh;
            },
            cancellation);
        return new PushTokens(loaded.Value);
    }

    public string Write(PushedTo pushed)
    {
        // Neither name can hold a slash.
        var names = Encoding.UTF8.GetBytes($"{pushed.Queue.Name}/{pushed.Subscriber}");
        var bytes = new byte[NamesAt + names.Length + CodeBytes];
        bytes[0] = Version;
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(1), pushed.LaneNumber);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(1 + sizeof(long)), pushed.Sequence);
        Encoding.ASCII.GetBytes(pushed.Queue.Account.Value, bytes.AsSpan(AccountAt));
        names.CopyTo(bytes, NamesAt);
        Code(bytes.AsSpan(0, bytes.Length - CodeBytes)).CopyTo(bytes, bytes.Length - CodeBytes);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>What a token names, or null for what this server did not write.</summary>
    public PushedTo? Read(string token)
    {
        var bytes = new byte[TokenLengthMax];
        if (token.Length > TokenLengthMax || !Base64Url.TryDecodeFromChars(token, bytes, out var length)
            || length <= NamesAt + CodeBytes || bytes[0] != Version)
        {
            return null;
        }

        var signed = bytes.AsSpan(0, length - CodeBytes);
        if (!CryptographicOperations.FixedTimeEquals(Code(signed), bytes.AsSpan(length - CodeBytes, CodeBytes)))
        {
            return null;
        }

        var names = Encoding.UTF8.GetString(signed[NamesAt..]).Split('/');
        return new PushedTo(
            new QueueId(AccountId.Parse(Encoding.ASCII.GetString(signed[AccountAt..NamesAt])), names[0]),
            BinaryPrimitives.ReadInt64BigEndian(signed[1..]),
            BinaryPrimitives.ReadInt64BigEndian(signed[(1 + sizeof(long))..]),
            names[1]);
    }

    private byte[] Code(ReadOnlySpan<byte> signed) => HMACSHA256.HashData(key, signed)[..CodeBytes];
}
