# Completion of segtools for fish, installed under the name of each program.
# Options are read from --help, so that only their values stand here.

# Prints what may follow option $argv[1], whose argument --help calls $argv[2].
function __segtools_values
    switch "$argv[1]:$argv[2]"
        case '*:FILE'
            __fish_complete_path (commandline -ct)
        case '*:DIR' '*:DIR|URL'
            __fish_complete_directories (commandline -ct)
        case 'status:*'
            __fish_append , reviewed reviewing_in_progress labeled \
                labeling_in_progress rejected prelabeled skipped verified \
                unlabeled
        case 'jobs:*'
            seq (nproc 2>/dev/null; or echo 1)
        case '*'
            # Words in small letters with bars between are all there is.
            if not string match -qr '[A-Z]' -- $argv[2]
                string split '|' -- $argv[2]
            end
    end
end

# Tells fish the options that --help of $argv[1] shows.
function __segtools_learn
    set -l program $argv[1]
    set -l form '^  (-(?<short>.), |    )--(?<long>[a-z0-9-]+)' \
        '( (?<arg>[^ ]+))?(  +(?<text>.*))?$'
    set -l lines ($program --help 2>/dev/null)
    for i in (seq (count $lines))
        string match -qr -- (string join '' $form) $lines[$i]; or continue
        # Where the left column is full, the text is on the next line.
        if test -z "$text"
            set text (string trim -- $lines[(math $i + 1)])
        end
        set -l how -l $long -d "$text"
        if test -n "$short"
            set -a how -s $short
        end
        if test -n "$arg"
            set -a how -xa "(__segtools_values $long '$arg')"
        end
        complete -c $program $how
    end
end

for program in seg-check seg-coco seg-decode seg-diff seg-eval seg-fetch seg-filter seg-frames seg-mask seg-release seg-samples seg-stat seg-yolo
    if command -q $program
        __segtools_learn $program
    end
end
