using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Lambent.Server.Diagnostics;

/// <summary>What the doctor is asked about.</summary>
public sealed record DoctorOptions
{
    /// <summary>The folder a server uses or would use; it need not exist.</summary>
    public required string DataFolder { get; init; }

    /// <summary>The port a server would use.</summary>
    public int Port { get; init; } = 9550;

    /// <summary>The address of the running server, or null when none runs.</summary>
    public Uri? Running { get; init; }

    /// <summary>The folder with the shims: node/, python/, dotnet/.</summary>
    public required string RuntimesFolder { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>
/// Looks at the machine with the server's eyes: everything a server needs, whether one runs or not. It changes nothing
/// except for one small file that it writes and removes.
/// </summary>
public static class Doctor
{
    private const long DiskBytesBad = 200L * 1024 * 1024;
    private const long DiskBytesWarning = 2L * 1024 * 1024 * 1024;

    /// <summary>A signature is refused when the clocks differ by more than 15 minutes; this is well before.</summary>
    private static readonly TimeSpan ClockSkewWarning = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public static async Task<IReadOnlyList<Finding>> RunAsync(DoctorOptions options, CancellationToken cancellation)
    {
        var findings = new List<Finding>
        {
            Program(),
            SqliteLibrary(),
            Folder(options.DataFolder),
            Disk(options.DataFolder),
        };
        if (options.Running is { } address)
        {
            findings.AddRange(await ServerAsync(address, options.Time, cancellation));
        }
        else
        {
            findings.Add(Port(options.Port));
            findings.Add(Clock(options.Time));
        }

        findings.AddRange(await SandboxFindings.IsolationAsync(options.Time));
        findings.AddRange(SandboxFindings.Runtimes(options.RuntimesFolder));
        return findings;
    }

    private static Finding Program() => new(
        "program",
        FindingStatus.Good,
        $".NET {Environment.Version} on {RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture}, "
            + $"{Environment.ProcessorCount} processors");

    private static Finding SqliteLibrary()
    {
        var name = OperatingSystem.IsWindows() ? "winsqlite3.dll"
            : OperatingSystem.IsMacOS() ? "libsqlite3.dylib"
            : "libsqlite3.so.0";
        if (!NativeLibrary.TryLoad(name, out var library))
        {
            return new Finding(
                "storage", FindingStatus.Bad, $"the library {name} is not installed",
                "sudo apt-get install libsqlite3-0");
        }

        NativeLibrary.Free(library);
        return new Finding("storage", FindingStatus.Good, $"{name} is installed");
    }

    private static Finding Folder(string folder)
    {
        var full = Path.GetFullPath(folder);
        var nearest = NearestExisting(full);
        var probe = Path.Combine(nearest, $".lambent-doctor-{Environment.ProcessId}");
        try
        {
            using (new FileStream(
                probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose))
            {
            }
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return new Finding(
                "data folder", FindingStatus.Bad, $"{nearest} cannot be written: {refused.Message}",
                "lambent up --data FOLDER-YOU-OWN");
        }

        if (nearest != full)
        {
            return new Finding("data folder", FindingStatus.Good, $"{full} does not exist yet and can be made");
        }

        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(full) & OthersMayRead) != 0)
        {
            return new Finding(
                "data folder", FindingStatus.Warning, $"{full} can be read by other people of this machine",
                $"chmod 700 {full}");
        }

        return new Finding("data folder", FindingStatus.Good, $"{full} can be written");
    }

    private const UnixFileMode OthersMayRead =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    private static Finding Disk(string folder)
    {
        var nearest = NearestExisting(Path.GetFullPath(folder));
        try
        {
            var free = new DriveInfo(nearest).AvailableFreeSpace;
            var detail = $"{(free / (1024.0 * 1024 * 1024)).ToString("0.0", CultureInfo.InvariantCulture)} GB free";
            return free switch
            {
                < DiskBytesBad => new Finding("disk", FindingStatus.Bad, detail, "make room, or use --data elsewhere"),
                < DiskBytesWarning => new Finding("disk", FindingStatus.Warning, detail, "make room soon"),
                _ => new Finding("disk", FindingStatus.Good, detail),
            };
        }
        catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return new Finding("disk", FindingStatus.Warning, $"the free space cannot be read: {unknown.Message}");
        }
    }

    private static Finding Port(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return new Finding("port", FindingStatus.Good, $"{port} is free");
        }
        catch (SocketException taken)
        {
            return new Finding(
                "port", FindingStatus.Warning, $"{port} cannot be used: {taken.Message}",
                $"lambent up --port {(port < 65535 ? port + 1 : 0)}");
        }
    }

    /// <summary>Without a server to compare with, only a clock that was never set can be seen.</summary>
    private static Finding Clock(TimeProvider time)
    {
        var now = time.GetUtcNow();
        return now.Year >= 2026
            ? new Finding("clock", FindingStatus.Good, $"{now:yyyy-MM-dd HH:mm:ss} UTC")
            : new Finding(
                "clock",
                FindingStatus.Bad,
                $"{now:yyyy-MM-dd HH:mm:ss} UTC is long past",
                "sudo timedatectl set-ntp true");
    }

    private static async Task<IReadOnlyList<Finding>> ServerAsync(
        Uri address, TimeProvider time, CancellationToken cancellation)
    {
        using var http = new HttpClient { Timeout = Patience };
        try
        {
            using var response = await http.GetAsync(new Uri(address, "/healthz"), cancellation);
            var health = response.IsSuccessStatusCode
                ? new Finding("server", FindingStatus.Good, $"answers at {address.GetLeftPart(UriPartial.Authority)}")
                : new Finding(
                    "server", FindingStatus.Bad,
                    $"{address.GetLeftPart(UriPartial.Authority)} answers with status {(int)response.StatusCode}",
                    "look at what `lambent up` printed");
            List<Finding> findings = [health];
            if (response.Headers.Date is { } served)
            {
                findings.Add(Skew(served, time.GetUtcNow()));
            }

            if (response.IsSuccessStatusCode)
            {
                findings.AddRange(TelemetryFindings.Read(
                    await http.GetStringAsync(new Uri(address, "/metrics"), cancellation)));
            }

            return findings;
        }
        catch (Exception silent) when (silent is HttpRequestException or TaskCanceledException)
        {
            return
            [
                new Finding(
                    "server", FindingStatus.Bad,
                    $"the data folder says it runs at {address.GetLeftPart(UriPartial.Authority)}, and nothing "
                        + "answers there",
                    "lambent up"),
            ];
        }
    }

    private static Finding Skew(DateTimeOffset served, DateTimeOffset now)
    {
        var skew = (now - served).Duration();
        return skew < ClockSkewWarning
            ? new Finding("clock", FindingStatus.Good, "agrees with the server's")
            : new Finding(
                "clock", FindingStatus.Warning, $"is {skew.TotalSeconds:0} s off the server's; at 900 s calls "
                    + "are refused",
                "sudo timedatectl set-ntp true");
    }

    private static string NearestExisting(string folder)
    {
        while (!Directory.Exists(folder))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }
}
