namespace Lambent.Protocol.Signing;

/// <summary>
/// The Authorization header of a signed request, taken apart without being judged: missing parts are empty.
/// <c>AWS4-HMAC-SHA256 Credential=…, SignedHeaders=a;b, Signature=…</c>
/// </summary>
public readonly ref struct AuthorizationHeader
{
    private AuthorizationHeader(
        ReadOnlySpan<char> algorithm,
        ReadOnlySpan<char> credential,
        ReadOnlySpan<char> signedHeaders,
        ReadOnlySpan<char> signature)
    {
        Algorithm = algorithm;
        Credential = credential;
        SignedHeaders = signedHeaders;
        Signature = signature;
    }

    public ReadOnlySpan<char> Algorithm { get; }

    public ReadOnlySpan<char> Credential { get; }

    public ReadOnlySpan<char> SignedHeaders { get; }

    public ReadOnlySpan<char> Signature { get; }

    /// <summary>False when something between the commas has no equals sign.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out AuthorizationHeader header)
    {
        text = text.Trim();
        var space = text.IndexOf(' ');
        var algorithm = space < 0 ? text : text[..space];
        var rest = space < 0 ? default : text[(space + 1)..].Trim();
        ReadOnlySpan<char> credential = default, signedHeaders = default, signature = default;
        header = default;
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOf(',');
            var pair = (end < 0 ? rest : rest[..end]).Trim();
            rest = end < 0 ? default : rest[(end + 1)..];
            var equals = pair.IndexOf('=');
            if (equals < 0)
            {
                return false;
            }

            var value = pair[(equals + 1)..].Trim();
            switch (pair[..equals].TrimEnd())
            {
                case "Credential":
                    credential = value;
                    break;
                case "SignedHeaders":
                    signedHeaders = value;
                    break;
                case "Signature":
                    signature = value;
                    break;
            }
        }

        header = new AuthorizationHeader(algorithm, credential, signedHeaders, signature);
        return true;
    }
}
