using System.Text;

namespace Lambent.Kernel.Values;

/// <summary>How long a value is as JSON, without writing it.</summary>
public static class DataSize
{
    /// <summary>At least the bytes of the compact JSON, without escapes; stops counting beyond <paramref name="most"/>.
    /// </summary>
    public static bool Exceeds(DataValue value, int most)
    {
        var left = most;
        return !Fits(value, ref left);
    }

    private static bool Fits(DataValue value, ref int left)
    {
        left -= value switch
        {
            DataText text => Encoding.UTF8.GetByteCount(text.Value) + 2,
            DataNumber number => number.Text.Length,
            DataArray array => Math.Max(2, array.Items.Count + 1),
            DataObject members => Math.Max(2, members.Count + 1),
            _ => 4,
        };
        if (left < 0)
        {
            return false;
        }

        switch (value)
        {
            case DataArray array:
                foreach (var item in array.Items)
                {
                    if (!Fits(item, ref left))
                    {
                        return false;
                    }
                }

                return true;
            case DataObject members:
                foreach (var (name, member) in members.Members)
                {
                    left -= Encoding.UTF8.GetByteCount(name) + 3;
                    if (!Fits(member, ref left))
                    {
                        return false;
                    }
                }

                return true;
            default:
                return true;
        }
    }
}
