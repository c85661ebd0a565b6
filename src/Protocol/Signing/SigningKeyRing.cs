using System.Collections.Immutable;

namespace Lambent.Protocol.Signing;

/// <summary>
/// A secret and the signing keys derived from it last, at most eight: a client talks to a service or two, and the date
/// changes once a day. Safe for concurrent use; the keys vanish with the ring when the secret is withdrawn.
/// </summary>
public sealed class SigningKeyRing(string secret)
{
    public const int KeysMax = 8;

    private ImmutableArray<SigningKey> keys = [];

    public SigningKey Get(ReadOnlySpan<char> date, ReadOnlySpan<char> region, ReadOnlySpan<char> service)
    {
        var known = keys;
        foreach (var key in known)
        {
            if (key.IsFor(date, region, service))
            {
                return key;
            }
        }

        // Two callers may derive the same key at once and one ring wins; the other is derived again when needed.
        var derived = SigningKey.Derive(secret, date.ToString(), region.ToString(), service.ToString());
        ImmutableInterlocked.InterlockedCompareExchange(
            ref keys, [derived, .. known.Length < KeysMax ? known : known[..(KeysMax - 1)]], known);
        return derived;
    }
}
