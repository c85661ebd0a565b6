using System.Security.Cryptography;
using System.Text;

namespace Lambent.Server.Schedules;

/// <summary>
/// What makes a request of a client the same as one before: its token, and a digest of all that it asks for. A client
/// that did not see the answer sends the same again, and gets the same answer.
/// </summary>
/// <param name="Token">As the client gave it; null for none.</param>
/// <param name="Digest">Of the operation and its parameters.</param>
internal sealed record ScheduleRequest(string? Token, string Digest)
{
    public static readonly ScheduleRequest WithoutToken = new(null, "");

    public static ScheduleRequest Of(string? token, string operation, ReadOnlySpan<byte> parameters)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(operation + "\n"));
        hash.AppendData(parameters);
        return new ScheduleRequest(token, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}
