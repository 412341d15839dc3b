using System.Text;
using Mesh.Client.Matching;

namespace Mesh.Client.Inbound;

/// <summary>
/// The lane among the members of the header <c>baggage</c> (W3C Baggage): <c>mesh-lane=blue</c>, with white space around its parts and properties behind a semicolon or without. The other members, well
/// formed or not, are somebody else's and stay as they are.
/// </summary>
internal static class LaneBaggage
{
    /// <summary>So many bytes and members reach everybody, by the specification; what is more may be dropped.</summary>
    public const int MaxBytes = 8192;

    public const int MaxMembers = 64;

    /// <summary>Finds the lane in a line of the header.</summary>
    /// <param name="line">The line.</param>
    /// <param name="lane">The lane; empty where what stands there is none.</param>
    /// <returns>Whether the line has such a member. The first one decides.</returns>
    public static bool TryFind(ReadOnlySpan<char> line, out ReadOnlySpan<char> lane)
    {
        foreach (Range range in line.Split(','))
        {
            ReadOnlySpan<char> member = line[range];
            if (IsLane(member))
            {
                lane = ValueOf(member);
                return true;
            }
        }

        lane = default;
        return false;
    }

    /// <summary>Whether a member of the header is the one that names the lane.</summary>
    public static bool IsLane(ReadOnlySpan<char> member) =>
        member.IndexOf('=') is var equals and > 0 && member[..equals].Trim().Equals(InboundHeaders.Lane, StringComparison.OrdinalIgnoreCase);

    /// <summary>Puts a lane before the other members, in the place of any that stood there. Of those beyond the limits the last are dropped whole.</summary>
    /// <param name="members">The header as it is; empty where there is none.</param>
    /// <param name="lane">The lane.</param>
    public static string Put(ReadOnlySpan<char> members, string lane)
    {
        var text = new StringBuilder(InboundHeaders.Lane).Append('=').Append(lane);
        int bytes = text.Length;
        int count = 1;
        foreach (Range range in members.Split(','))
        {
            ReadOnlySpan<char> member = members[range].Trim();
            if (member.IsEmpty || IsLane(member))
            {
                continue;
            }

            bytes += 1 + Encoding.UTF8.GetByteCount(member);
            if (bytes > MaxBytes || count == MaxMembers)
            {
                break;
            }

            text.Append(',').Append(member);
            count++;
        }

        return text.ToString();
    }

    /// <summary>The other members.</summary>
    /// <param name="members">The header as it is.</param>
    /// <returns>Empty where there are none.</returns>
    public static string Without(string members) => string.Join(',', members.Split(',').Where(static m => !IsLane(m)));

    private static ReadOnlySpan<char> ValueOf(ReadOnlySpan<char> member)
    {
        ReadOnlySpan<char> value = member[(member.IndexOf('=') + 1)..];
        value = (value.IndexOf(';') is var end and >= 0 ? value[..end] : value).Trim();
        value = value.Contains('%') && value.Length <= 3 * LaneName.MaxLength ? Uri.UnescapeDataString(value) : value;
        return LaneName.IsValid(value) ? value : default;
    }
}
