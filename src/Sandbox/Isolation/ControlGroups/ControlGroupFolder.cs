using Lambent.Sandbox.Isolation.Native;

namespace Lambent.Sandbox.Isolation.ControlGroups;

/// <summary>Takes away folders of the control group file system, which only go when nothing lives in them.</summary>
internal static class ControlGroupFolder
{
    private const int AttemptsMax = 12;

    /// <summary>
    /// Kills what is in a group and its subgroups and removes them. A dying process holds its group for a moment, so
    /// this tries again, a little later each time, for about four seconds together.
    /// </summary>
    /// <returns>Whether it is gone.</returns>
    public static async Task<bool> RemoveAsync(string folder, bool kill, TimeProvider time)
    {
        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            if (TryRemove(folder, kill))
            {
                return true;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(1 << attempt), time);
        }

        return false;
    }

    /// <summary>Kills what is in a group, and not in its subgroups.</summary>
    public static void Kill(string folder)
    {
        foreach (var process in ControlGroupFile.ReadProcesses(folder))
        {
            _ = Libc.Kill(process, Libc.SignalKill);
        }
    }

    private static bool TryRemove(string folder, bool kill)
    {
        if (!Directory.Exists(folder))
        {
            return true;
        }

        try
        {
            foreach (var child in Directory.GetDirectories(folder))
            {
                TryRemove(child, kill);
            }

            if (kill)
            {
                Kill(folder);
            }

            // Not recursive: the files inside are the kernel's.
            Directory.Delete(folder);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
