using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Lambent.EndToEnd.Calls;

/// <summary>
/// AWS Signature Version 4, written from its specification and apart from the server's own, so that a mistake in one is
/// not repeated in the other.
/// </summary>
internal static class RequestSignature
{
    private const string Algorithm = "AWS4-HMAC-SHA256";
    private const string SignedHeaders = "host;x-amz-content-sha256;x-amz-date";

    /// <summary>Adds the date and the signature to a request whose path and query are encoded already.</summary>
    public static void Sign(
        HttpRequestMessage request, byte[] body, AccessKey key, DateTimeOffset time, string service = "lambda")
    {
        var stamp = time.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var scope = $"{stamp[..8]}/us-east-1/{service}/aws4_request";
        var digest = Hex(SHA256.HashData(body));
        var host = request.Headers.Host ?? request.RequestUri!.Authority;
        request.Headers.Add("X-Amz-Date", stamp);
        request.Headers.Add("X-Amz-Content-Sha256", digest);
        var path = string.Join('/', request.RequestUri!.AbsolutePath.Split('/').Select(Uri.EscapeDataString));
        var canonical = string.Join(
            '\n', request.Method.Method, path, Query(request.RequestUri.Query), $"host:{host}",
            $"x-amz-content-sha256:{digest}", $"x-amz-date:{stamp}", "", SignedHeaders, digest);
        var text = $"{Algorithm}\n{stamp}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var signing = scope.Split('/').Aggregate(
            Encoding.UTF8.GetBytes("AWS4" + key.Secret),
            (derived, part) => HMACSHA256.HashData(derived, Encoding.UTF8.GetBytes(part)));
        var signature = Hex(HMACSHA256.HashData(signing, Encoding.UTF8.GetBytes(text)));
        request.Headers.TryAddWithoutValidation(
            "Authorization",
            $"{Algorithm} Credential={key.Id}/{scope}, "
            + $"SignedHeaders={SignedHeaders}, Signature={signature}");
    }

    private static string Query(string query) => string.Join('&', query.TrimStart('?')
        .Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair.Contains('=') ? pair : pair + "=")
        .Order(StringComparer.Ordinal));

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
