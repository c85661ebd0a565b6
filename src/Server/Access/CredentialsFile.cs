using Lambent.Kernel.Access;

namespace Lambent.Server.Access;

/// <summary>
/// DIR/credentials: an AWS shared credentials file with the root account's key, which every AWS tool reads when
/// AWS_SHARED_CREDENTIALS_FILE names it. Readable by the owner alone.
/// </summary>
public static class CredentialsFile
{
    public const string Name = "credentials";

    /// <summary>
    /// Writes the file unless it is there and holds one of the keys. Replaced whole, so that no reader sees half of
    /// it; a file that others may read is made private again.
    /// </summary>
    /// <param name="folder">The data folder, which exists.</param>
    /// <param name="keys">All of the root account's keys; the oldest is written.</param>
    /// <param name="region">The server's region.</param>
    /// <returns>The file's full path.</returns>
    public static string Ensure(string folder, IReadOnlyList<AccessKey> keys, string region)
    {
        ArgumentOutOfRangeException.ThrowIfZero(keys.Count);
        var path = Path.GetFullPath(Path.Combine(folder, Name));
        if (File.Exists(path) && HoldsOneOf(path, keys))
        {
            MakePrivate(path);
            return path;
        }

        var oldest = keys.MinBy(key => key.CreatedAt)!;

        // The name is fixed: what a crash left behind is overwritten by the next start.
        var draft = path + ".new";
        File.Delete(draft);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var stream = new FileStream(draft, options))
        {
            using (var writer = new StreamWriter(stream, leaveOpen: true))
            {
                writer.NewLine = "\n";
                writer.WriteLine("# The root account's key. Whoever has it may do everything here.");
                writer.WriteLine("[default]");
                writer.WriteLine($"aws_access_key_id = {oldest.Id}");
                writer.WriteLine($"aws_secret_access_key = {oldest.Secret}");
                writer.WriteLine($"region = {region}");
            }

            stream.Flush(flushToDisk: true);
        }

        File.Move(draft, path, overwrite: true);
        return path;
    }

    private static bool HoldsOneOf(string path, IReadOnlyList<AccessKey> keys)
    {
        string? id = null;
        string? secret = null;
        foreach (var line in File.ReadLines(path).Take(100))
        {
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            var value = line[(equals + 1)..].Trim();
            switch (equals < 0 ? "" : line[..equals].Trim())
            {
                case "aws_access_key_id":
                    id ??= value;
                    break;
                case "aws_secret_access_key":
                    secret ??= value;
                    break;
            }
        }

        return keys.Any(key => key.Id == id && key.Secret == secret);
    }

    private static void MakePrivate(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }
}
