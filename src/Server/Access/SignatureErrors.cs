using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Lambent.Kernel;
using Lambent.Protocol.Signing;

namespace Lambent.Server.Access;

/// <summary>Why a signature was refused, in AWS's words, because those are the ones people search for.</summary>
internal static class SignatureErrors
{
    public static readonly Error Missing = new(ErrorCode.AuthenticationMissing, "Missing Authentication Token");

    public static readonly Error Mismatch = new(
        ErrorCode.SignatureMismatch,
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access "
        + "Key and signing method. Consult the service documentation for details.");

    public static readonly Error BothForms = new(
        ErrorCode.SignatureMismatch,
        "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.");

    public static readonly Error HostNotSigned = new(
        ErrorCode.SignatureMismatch,
        "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");

    public static readonly Error KeyUnknown = new(
        ErrorCode.AccessKeyUnknown, "The security token included in the request is invalid.");

    public static readonly Error TokenInvalid = new(
        ErrorCode.SessionTokenInvalid, "The security token included in the request is invalid.");

    public static readonly Error TokenExpired = new(
        ErrorCode.SessionTokenExpired, "The security token included in the request is expired");

    public static readonly Error PayloadMismatch = new(
        ErrorCode.SignatureMismatch,
        "The provided 'x-amz-content-sha256' header does not match what was computed.");

    public static readonly Error ExpiresInvalid = new(
        ErrorCode.SignatureIncomplete,
        "X-Amz-Expires must be a number of seconds between 0 and 604800, which is a week.");

    /// <summary>The header is not echoed but hashed: it may hold another system's token.</summary>
    public static Error NotKeyValue(string authorization) => new(
        ErrorCode.SignatureIncomplete,
        "Invalid key=value pair (missing equal-sign) in Authorization header "
        + $"(hashed with SHA-256 and encoded with Base64): '{HashOf(authorization)}'.");

    public static Error HeaderIncomplete(
        string authorization, bool credential, bool signature, bool signedHeaders, bool date)
    {
        var message = new StringBuilder();
        message.Append(credential ? "" : "Authorization header requires 'Credential' parameter. ");
        message.Append(signature ? "" : "Authorization header requires 'Signature' parameter. ");
        message.Append(signedHeaders ? "" : "Authorization header requires 'SignedHeaders' parameter. ");
        message.Append(
            date ? "" : "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ");
        message.Append("(Hashed with SHA-256 and encoded with Base64) Authorization=").Append(HashOf(authorization));
        return new Error(ErrorCode.SignatureIncomplete, message.ToString());
    }

    public static Error QueryIncomplete(IEnumerable<string> missing) => new(
        ErrorCode.SignatureIncomplete,
        string.Concat(missing.Select(name => $"AWS query-string parameters must include '{name}'. "))
        + "Re-examine the query-string parameters.");

    public static Error DateMalformed(ReadOnlySpan<char> date) => new(
        ErrorCode.SignatureIncomplete,
        $"Date must be in ISO-8601 'basic format'. Got '{date}'. See http://en.wikipedia.org/wiki/ISO_8601");

    public static Error Expired(DateTimeOffset signed, DateTimeOffset now, TimeSpan lifetime) => new(
        ErrorCode.SignatureExpired,
        $"Signature expired: {SigningTime.ToText(signed)} is now earlier than {SigningTime.ToText(now - lifetime)} "
        + $"({SigningTime.ToText(now)} - {Duration(lifetime)})");

    public static Error NotYetCurrent(DateTimeOffset signed, DateTimeOffset now, TimeSpan skew) => new(
        ErrorCode.SignatureExpired,
        $"Signature not yet current: {SigningTime.ToText(signed)} is still later than {SigningTime.ToText(now + skew)} "
        + $"({SigningTime.ToText(now)} + {Duration(skew)})");

    public static Error AlgorithmUnsupported(ReadOnlySpan<char> algorithm) => new(
        ErrorCode.SignatureIncomplete,
        $"Unsupported AWS 'algorithm': '{algorithm}' (only {SignatureNames.Algorithm} for now).");

    public static Error CredentialMalformed(ReadOnlySpan<char> credential) => new(
        ErrorCode.SignatureIncomplete,
        "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, "
        + $"got '{credential}'");

    public static Error HeaderAbsent(string name) => new(
        ErrorCode.SignatureIncomplete,
        $"'{name}' is named as a SignedHeader, but it does not exist in the HTTP request.");

    public static Error PayloadKindRefused(string kind) => new(
        ErrorCode.SignatureIncomplete,
        $"The payload hash '{kind}' in x-amz-content-sha256 is not supported here: send the SHA-256 of the body.");

    /// <summary>All that is wrong with a scope at once.</summary>
    public static Error ScopeWrong(
        in CredentialScope scope, string region, bool regionRight, string service, ReadOnlySpan<char> time)
    {
        var message = new StringBuilder();
        if (!regionRight)
        {
            message.Append($"Credential should be scoped to a valid region, not '{scope.Region}'. ")
                .Append($"This server's region is '{region}'. ");
        }

        if (!scope.Service.SequenceEqual(service))
        {
            message.Append($"Credential should be scoped to correct service: '{service}'. ");
        }

        if (!scope.Terminator.SequenceEqual(SignatureNames.Terminator))
        {
            message.Append("Credential should be scoped with a valid terminator: ")
                .Append($"'{SignatureNames.Terminator}', not '{scope.Terminator}'. ");
        }

        var date = time[..SigningTime.DateLength];
        if (!scope.Date.SequenceEqual(date))
        {
            message.Append("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: ")
                .Append($"'{scope.Date}' != '{date}', from '{time}'. ");
        }

        return new Error(
            regionRight ? ErrorCode.SignatureMismatch : ErrorCode.RegionMismatch, message.ToString().TrimEnd());
    }

    private static string Duration(TimeSpan duration) => duration.Seconds == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{(long)duration.TotalMinutes} min.")
        : string.Create(CultureInfo.InvariantCulture, $"{(long)duration.TotalSeconds} sec.");

    private static string HashOf(string text) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
