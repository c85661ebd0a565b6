using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Storage;

namespace Lambent.Server.Access;

/// <summary>
/// Credentials for running functions and for browsers, kept nowhere. A token says in clear whose it is and until when,
/// and carries a message authentication code made with the server's key; the access key's id and its secret are made
/// from the same bytes with the same key. So the server needs nothing but its key to verify a request, and who knows a
/// token alone can neither change it nor sign with it.
/// </summary>
public sealed class SessionTokens
{
    /// <summary>The setting that holds the key; with another key every token issued before is invalid.</summary>
    public const string SettingName = "session-key";

    private const int KeyBytes = 32;

    /// <summary>The first byte: the name that follows is a function's, or the id of a browser's session.</summary>
    private const byte FunctionFormat = 1;
    private const byte BrowserFormat = 2;

    private const int AccountOffset = 1 + sizeof(long);
    private const int NameOffset = AccountOffset + 12 + 1;
    private const int NonceBytes = 8;
    private const int CodeBytes = 32;

    /// <summary>Verified tokens that are remembered; each costs about 1 KB and saves some 5 µs a request.</summary>
    private const int RememberedMax = 4096;

    private readonly byte[] key;
    private readonly Func<FunctionId, bool> exists;
    private readonly TimeProvider time;
    private readonly ConcurrentDictionary<string, Session> remembered = new(StringComparer.Ordinal);

    /// <param name="key">32 random bytes; see <see cref="LoadKeyAsync"/>.</param>
    /// <param name="exists">Whether there is such a function; a deleted function's credentials are void.</param>
    /// <param name="time">Says when a token has expired.</param>
    public SessionTokens(byte[] key, Func<FunctionId, bool> exists, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, KeyBytes);
        this.key = key;
        this.exists = exists;
        this.time = time;
    }

    /// <summary>Whether a browser's session lives; with it end the credentials made for it, at once.</summary>
    public Func<AccountId, string, bool> IsLive { get; init; } = (_, _) => false;

    /// <summary>The server's key, made at the first start.</summary>
    public static async Task<Result<byte[]>> LoadKeyAsync(IStore store, CancellationToken cancellation = default)
    {
        var fresh = RandomNumberGenerator.GetBytes(KeyBytes);
        return await store.WriteAsync<byte[]>(
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
    }

    /// <summary>New credentials for one environment of a function.</summary>
    /// <param name="function">Whose they are.</param>
    /// <param name="lifetime">How long they are good; the environment must have ended by then.</param>
    public SessionCredentials Issue(FunctionId function, TimeSpan lifetime) =>
        Issue(FunctionFormat, function.Account, function.Name, time.GetUtcNow() + lifetime);

    /// <summary>New credentials of an account for a browser.</summary>
    /// <param name="session">The session they end with.</param>
    /// <param name="expiresAt">When they end at the latest; not after the session.</param>
    public SessionCredentials Issue(BrowserSession session, DateTimeOffset expiresAt) =>
        Issue(BrowserFormat, session.Account, session.Id, expiresAt);

    private SessionCredentials Issue(byte format, AccountId account, string name, DateTimeOffset expiresAt)
    {
        var nameBytes = Encoding.UTF8.GetByteCount(name);
        var token = new byte[NameOffset + nameBytes + NonceBytes + CodeBytes];
        token[0] = format;
        BinaryPrimitives.WriteInt64BigEndian(token.AsSpan(1), expiresAt.ToUnixTimeSeconds());
        Encoding.ASCII.GetBytes(account.Value, token.AsSpan(AccountOffset));
        token[NameOffset - 1] = checked((byte)nameBytes);
        Encoding.UTF8.GetBytes(name, token.AsSpan(NameOffset));
        RandomNumberGenerator.Fill(token.AsSpan(NameOffset + nameBytes, NonceBytes));
        var payload = token.AsSpan(..^CodeBytes);
        Authenticate("token"u8, payload, token.AsSpan(^CodeBytes..));
        return new SessionCredentials(
            AccessKeyIdOf(payload),
            SecretOf(payload),
            Base64Url.EncodeToString(token),
            DateTimeOffset.FromUnixTimeSeconds(expiresAt.ToUnixTimeSeconds()));
    }

    /// <summary>The key that belongs to a token. Fails with SessionTokenInvalid or SessionTokenExpired.</summary>
    internal Result<AccessKeyEntry> Verify(ReadOnlySpan<char> accessKeyId, string token)
    {
        if (!remembered.TryGetValue(token, out var session))
        {
            if (Open(token) is not { } opened)
            {
                return SignatureErrors.TokenInvalid;
            }

            session = opened;
            if (session.ExpiresAt > time.GetUtcNow())
            {
                Remember(token, session);
            }
        }

        if (!accessKeyId.SequenceEqual(session.Key.Principal.AccessKeyId)
            || !OwnerExists(session.Key.Principal))
        {
            return SignatureErrors.TokenInvalid;
        }

        if (session.ExpiresAt <= time.GetUtcNow())
        {
            remembered.TryRemove(token, out _);
            return SignatureErrors.TokenExpired;
        }

        return session.Key;
    }

    private bool OwnerExists(Principal principal) => principal.Function is { } function
        ? exists(function)
        : principal.BrowserSession is { } browser && IsLive(principal.Account, browser);

    /// <summary>Reads a token; null unless this server made it.</summary>
    private Session? Open(string token)
    {
        // 64 characters of a function's name, each one byte, are the most a token of ours can hold.
        const int BytesMax = NameOffset + (Limits.FunctionNameLengthMax * 4) + NonceBytes + CodeBytes;
        Span<byte> bytes = stackalloc byte[BytesMax];
        if (Base64Url.DecodeFromChars(token, bytes, out _, out var length) != OperationStatus.Done
            || length < NameOffset + NonceBytes + CodeBytes)
        {
            return null;
        }

        var payload = bytes[..(length - CodeBytes)];
        Span<byte> code = stackalloc byte[CodeBytes];
        Authenticate("token"u8, payload, code);
        if (!CryptographicOperations.FixedTimeEquals(code, bytes[payload.Length..length])
            || payload[0] is not (FunctionFormat or BrowserFormat)
            || payload.Length != NameOffset + payload[NameOffset - 1] + NonceBytes)
        {
            return null;
        }

        var account = AccountId.Parse(Encoding.ASCII.GetString(payload[AccountOffset..(NameOffset - 1)]));
        var name = Encoding.UTF8.GetString(payload[NameOffset..^NonceBytes]);
        var principal = payload[0] == FunctionFormat
            ? new Principal(account, AccessKeyIdOf(payload), new FunctionId(account, name))
            : new Principal(account, AccessKeyIdOf(payload)) { BrowserSession = name };
        var expiresAt = DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadInt64BigEndian(payload[1..]));
        return new Session(new AccessKeyEntry(principal, SecretOf(payload)), expiresAt);
    }

    private void Remember(string token, Session session)
    {
        // Full of live environments is rare; forgetting all is simple, and what is asked for again comes back.
        if (remembered.Count >= RememberedMax)
        {
            remembered.Clear();
        }

        remembered[token] = session;
    }

    private string AccessKeyIdOf(ReadOnlySpan<byte> payload)
    {
        Span<byte> bytes = stackalloc byte[CodeBytes];
        Authenticate("id"u8, payload, bytes);
        return AccessKeyText.Id(AccessKeyText.SessionPrefix, bytes);
    }

    private string SecretOf(ReadOnlySpan<byte> payload)
    {
        Span<byte> bytes = stackalloc byte[CodeBytes];
        Authenticate("secret"u8, payload, bytes);
        return AccessKeyText.Secret(bytes);
    }

    /// <summary>HMAC-SHA256 of purpose, zero byte and payload, so that no purpose's code serves another.</summary>
    private void Authenticate(ReadOnlySpan<byte> purpose, ReadOnlySpan<byte> payload, Span<byte> destination)
    {
        Span<byte> text = stackalloc byte[purpose.Length + 1 + payload.Length];
        purpose.CopyTo(text);
        text[purpose.Length] = 0;
        payload.CopyTo(text[(purpose.Length + 1)..]);
        HMACSHA256.HashData(key, text, destination);
    }

    private sealed record Session(AccessKeyEntry Key, DateTimeOffset ExpiresAt);
}
