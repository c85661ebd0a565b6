using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Lambent.Kernel.Jsonata.Running;
using Lambent.Kernel.Values;

namespace Lambent.Kernel.Jsonata.Functions;

/// <summary>What Step Functions adds to the language.</summary>
internal static class WorkflowFunctions
{
    private const int RangeItemsMax = 1_000_000;

    /// <summary>An array in parts of a size, the last one perhaps shorter.</summary>
    public static DataValue? Partition(Evaluation run, DataValue?[] arguments)
    {
        if (arguments[0] is not DataArray array || arguments[1] is not DataNumber size)
        {
            return null;
        }

        if (!(size.Value >= 1))
        {
            throw new ExpressionException("D3150", "The size of a part must be at least 1");
        }

        run.ChargeItems(array.Items.Count);
        var length = (int)Math.Min(Math.Floor(size.Value), int.MaxValue);
        return new DataArray([.. array.Items.Chunk(length).Select(part => new DataArray(part))]);
    }

    /// <summary>Numbers from the first to the last, both included, by a step that may be negative.</summary>
    public static DataValue? Range(Evaluation run, DataValue?[] arguments)
    {
        if (arguments is not [DataNumber first, DataNumber last, DataNumber delta])
        {
            return null;
        }

        if (delta.Value == 0 || !double.IsFinite(first.Value + last.Value + delta.Value))
        {
            throw new ExpressionException("D3151", "The step of a range must not be 0");
        }

        var count = Math.Max(0, Math.Floor((last.Value - first.Value) / delta.Value) + 1);
        if (count > RangeItemsMax)
        {
            throw new ExpressionException("D2014", $"A range by steps has at most {RangeItemsMax} items");
        }

        run.ChargeItems((long)count);
        var items = new DataValue[(int)count];
        for (var index = 0; index < items.Length; index++)
        {
            items[index] = new DataNumber(first.Value + (index * delta.Value));
        }

        return new DataArray(items);
    }

    /// <summary>In hexadecimal; of a string its UTF-8, of anything else its JSON.</summary>
    public static DataValue? Hash(Evaluation run, DataValue?[] arguments)
    {
        if (arguments[0] is not { } value || arguments[1] is not DataText algorithm)
        {
            return null;
        }

        var text = ValueText.Of(value, run);
        run.ChargeText(text.Length);
        var bytes = Encoding.UTF8.GetBytes(text);
#pragma warning disable CA5350, CA5351 // What the language offers; nothing here is kept secret by it.
        var hash = algorithm.Value switch
        {
            "MD5" => MD5.HashData(bytes),
            "SHA-1" => SHA1.HashData(bytes),
            "SHA-256" => SHA256.HashData(bytes),
            "SHA-384" => SHA384.HashData(bytes),
            "SHA-512" => SHA512.HashData(bytes),
            _ => throw new ExpressionException("D3152", "Hashes are MD5, SHA-1, SHA-256, SHA-384 and SHA-512"),
        };
#pragma warning restore CA5350, CA5351
        return new DataText(Convert.ToHexStringLower(hash));
    }

    /// <summary>At least 0 and less than 1; with a seed always the same for that seed.</summary>
    public static DataValue? Random(Evaluation run, DataValue?[] arguments) =>
        arguments[0] is DataNumber seed ? FromSeed(seed.Value) : run.Chance();

    /// <summary>Version 4.</summary>
    public static DataValue? Uuid(Evaluation run, DataValue?[] arguments)
    {
        Span<byte> bytes = stackalloc byte[16];
        foreach (ref var one in bytes)
        {
            one = (byte)Math.Min(run.Chance() * 256, 255);
        }

        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new DataText(new Guid(bytes, bigEndian: true).ToString("D", CultureInfo.InvariantCulture));
    }

    /// <summary>The value that a string has as JSON.</summary>
    public static DataValue? Parse(Evaluation run, DataValue?[] arguments)
    {
        if (arguments[0] is not DataText text)
        {
            return null;
        }

        // Reading makes about one value of eight characters.
        run.ChargeText(text.Value.Length * 2L);
        return DataReader.Read(text.Value) switch
        {
            { Value: { } value } => value,
            { Problem: var problem } => throw new ExpressionException("D3153", $"The text is not JSON: {problem}"),
        };
    }

    // Two rounds of SplitMix64: well spread numbers even for seeds that are next to each other.
    private static double FromSeed(double seed)
    {
        var state = unchecked((ulong)BitConverter.DoubleToInt64Bits(seed == 0 ? 0 : seed) * 0x9E3779B97F4A7C15UL);
        for (var round = 0; round < 2; round++)
        {
            state = unchecked(state + 0x9E3779B97F4A7C15UL);
            state = unchecked((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9UL);
            state = unchecked((state ^ (state >> 27)) * 0x94D049BB133111EBUL);
            state ^= state >> 31;
        }

        return (state >> 11) * (1.0 / (1UL << 53));
    }
}
