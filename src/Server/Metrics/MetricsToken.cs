using System.Security.Cryptography;
using System.Text;
using Lambent.Kernel.Storage;

namespace Lambent.Server.Metrics;

/// <summary>
/// Who may see names in /metrics: whoever can read the file in the data folder, as the operator's Prometheus can. An
/// address would say nothing: behind a proxy, and for functions without isolation, all are of this machine.
/// </summary>
internal sealed class MetricsToken
{
    public const string FileName = "metrics-token";

    private const string Setting = "metrics-token";
    private const string Scheme = "Bearer ";

    private readonly byte[] digest;

    private MetricsToken(string token) => digest = SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>Loads the token, or makes one at the first start, and writes its file.</summary>
    public static async Task<MetricsToken> LoadAsync(IStore store, string folder, CancellationToken cancellation)
    {
        var fresh = RandomNumberGenerator.GetBytes(32);
        var stored = await store.WriteAsync<byte[]>(
            transaction =>
            {
                if (transaction.Settings.Get(Setting) is { } existing)
                {
                    return existing;
                }

                transaction.Settings.Put(Setting, fresh);
                return fresh;
            },
            cancellation);
        var token = Convert.ToHexStringLower(stored.Value);
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            await using var file = new FileStream(path, options);
            await file.WriteAsync(Encoding.ASCII.GetBytes(token), cancellation);
        }

        return new MetricsToken(token);
    }

    /// <summary>Whether the header of a request has the token.</summary>
    public bool IsIn(string? authorization) =>
        authorization is not null
        && authorization.StartsWith(Scheme, StringComparison.Ordinal)
        && CryptographicOperations.FixedTimeEquals(
            SHA256.HashData(Encoding.UTF8.GetBytes(authorization[Scheme.Length..].Trim())), digest);
}
