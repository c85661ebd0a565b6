using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Lambent.Kernel.Access;

namespace Lambent.Kernel.Workflows.Executions;

/// <summary>
/// What a worker outside names a task by. It says which execution it belongs to, so that no table of tokens is needed,
/// and holds 128 bits that only the execution knows, so that nobody makes one up.
/// </summary>
/// <param name="Execution">Whose task it is.</param>
/// <param name="Task">Which of its tasks.</param>
public sealed record TaskToken(ExecutionId Execution, long Task)
{
    private const char Separator = ' ';
    private const int SecretBytes = 16;

    /// <summary>The token of an execution's task.</summary>
    public static string Of(ExecutionIdentity identity, long task)
    {
        var (id, seed) = (identity.Id, identity.Seed);
        var named = string.Create(CultureInfo.InvariantCulture, $"{id.Account} {id.Machine} {id.Name} {task}");
        var secret = HMACSHA256.HashData(BitConverter.GetBytes(seed), Encoding.UTF8.GetBytes(named));
        return Base64Url.EncodeToString(
            Encoding.UTF8.GetBytes($"{named} {Convert.ToHexStringLower(secret.AsSpan(0, SecretBytes))}"));
    }

    /// <summary>Reads a token as far as it says where to look; null when it is none.</summary>
    public static TaskToken? Read(string token)
    {
        if (!Base64Url.IsValid(token))
        {
            return null;
        }

        var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token)).Split(Separator);
        return parts.Length == 5 && AccountId.TryParse(parts[0], out var account)
            && long.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out var task)
                ? new TaskToken(new ExecutionId(account, parts[1], parts[2]), task)
                : null;
    }
}
