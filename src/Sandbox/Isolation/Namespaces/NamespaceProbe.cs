using System.Text;

namespace Lambent.Sandbox.Isolation.Namespaces;

/// <summary>Finds out whether sandboxes work on this machine in the only certain way: by starting one.</summary>
internal static class NamespaceProbe
{
    /// <summary>Null when it worked, otherwise why it did not.</summary>
    public static async Task<string?> RunAsync(NamespaceDriver driver, string folder)
    {
        // Older kernels and bubblewraps cannot forbid user namespaces; the system call filter does so anyway.
        driver.DisablesUserNamespaces = true;
        if (await StartAsync(driver, folder) is null)
        {
            return null;
        }

        driver.DisablesUserNamespaces = false;
        return await StartAsync(driver, folder);
    }

    private static async Task<string?> StartAsync(NamespaceDriver driver, string folder)
    {
        var text = new StringBuilder();
        try
        {
            await using var sandbox = await driver.StartAsync(
                new SandboxOptions
                {
                    EnvironmentId = "probe",
                    Command = ["/bin/sh", "-c", "exit 42"],
                    Variables = new Dictionary<string, string>(),
                    CodeFolder = folder,
                    UsesFrames = false,
                    MemoryMegabytes = 128,
                    EphemeralStorageMegabytes = 16,
                },
                CancellationToken.None);
            sandbox.Output = piece => text.Append(Encoding.UTF8.GetString(piece.Span));
            var exit = await sandbox.Exited;
            return exit.ExitStatus == 42 ? null : $"{text.ToString().Trim()} ({exit.Description}).";
        }
        catch (SandboxStartException exception)
        {
            return exception.Message;
        }
    }
}
