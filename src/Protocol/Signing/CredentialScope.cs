namespace Lambent.Protocol.Signing;

/// <summary>
/// What a request says it was signed with: KEYID/DATE/REGION/SERVICE/aws4_request. The parts are as sent and not
/// checked; a trailing slash is ignored, as AWS does.
/// </summary>
public readonly ref struct CredentialScope
{
    private CredentialScope(
        ReadOnlySpan<char> scope,
        ReadOnlySpan<char> accessKeyId,
        ReadOnlySpan<char> date,
        ReadOnlySpan<char> region,
        ReadOnlySpan<char> service,
        ReadOnlySpan<char> terminator)
    {
        Scope = scope;
        AccessKeyId = accessKeyId;
        Date = date;
        Region = region;
        Service = service;
        Terminator = terminator;
    }

    /// <summary>All but the key's id: the line that is signed.</summary>
    public ReadOnlySpan<char> Scope { get; }

    public ReadOnlySpan<char> AccessKeyId { get; }

    /// <summary>Eight digits, year first.</summary>
    public ReadOnlySpan<char> Date { get; }

    public ReadOnlySpan<char> Region { get; }

    public ReadOnlySpan<char> Service { get; }

    public ReadOnlySpan<char> Terminator { get; }

    /// <summary>False unless there are exactly five parts.</summary>
    public static bool TryParse(ReadOnlySpan<char> credential, out CredentialScope scope)
    {
        scope = default;
        credential = credential.TrimEnd('/');
        Span<Range> parts = stackalloc Range[6];
        if (credential.Split(parts, '/') != 5)
        {
            return false;
        }

        scope = new CredentialScope(
            credential[parts[1].Start..],
            credential[parts[0]],
            credential[parts[1]],
            credential[parts[2]],
            credential[parts[3]],
            credential[parts[4]]);
        return true;
    }
}
