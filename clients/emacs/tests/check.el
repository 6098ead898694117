;;; check.el --- Edits a prompt in Emacs and writes down what is shown  -*- lexical-binding: t; -*-

;;; Commentary:

;; To be loaded by Emacs in a terminal, since hints follow redisplay, with the
;; variables of the environment that `check-variable' asks for.

;;; Code:

(require 'flymake)
(require 'promptls)

(defconst check-seconds 30 "How long to wait for what a step wants.")
(defvar check-steps nil "What was shown after each step, the last one first.")

(defun check-variable (name)
  "The variable NAME of the environment."
  (or (getenv name) (error "%s is not set" name)))

(defun check-until (predicate)
  "Wait for PREDICATE, redisplaying; give up after `check-seconds'."
  (let ((end (+ (float-time) check-seconds)))
    (while (and (not (funcall predicate)) (< (float-time) end))
      (redisplay t)
      (sit-for 0.05))))

(defun check-place (position)
  "POSITION as a line and a column in characters, both counted from 0."
  (save-excursion
    (goto-char position)
    (list (1- (line-number-at-pos)) (- position (line-beginning-position)))))

(defun check-mode-line ()
  "The text of `promptls-mode-line' as it stands in the mode line."
  (substring-no-properties (format-mode-line '(:eval (promptls-mode-line)))))

(defun check-hints ()
  "The inlay hints, each a line, a column and a label."
  (sort (cl-loop for overlay in (overlays-in (point-min) (point-max))
                 when (overlay-get overlay 'eglot--inlay-hint)
                 collect (vconcat (check-place (overlay-end overlay))
                                  (list (substring-no-properties
                                         (overlay-get overlay 'after-string)))))
        (lambda (one other) (string< (format "%S" one) (format "%S" other)))))

(defun check-findings ()
  "Flymake's findings, each a line, two columns, a type and a code."
  (mapcar (lambda (diagnostic)
            (let ((text (flymake-diagnostic-text diagnostic)))
              (vconcat (check-place (flymake-diagnostic-beg diagnostic))
                       (cdr (check-place (flymake-diagnostic-end diagnostic)))
                       (list (symbol-name (flymake-diagnostic-type diagnostic))
                             (and (string-match "\\[\\([a-z-]+/[a-z-]+\\)\\]" text)
                                  (match-string 1 text))))))
          (sort (flymake-diagnostics)
                (lambda (one other)
                  (< (flymake-diagnostic-beg one) (flymake-diagnostic-beg other))))))

(defun check-server-hints ()
  "The hints that the server gives, in the form of `check-hints'."
  (mapcar (lambda (hint)
            (let ((position (plist-get hint :position)))
              (vector (plist-get position :line)
                      (plist-get position :character)
                      (concat " " (plist-get hint :label)))))
          (jsonrpc-request
           (promptls--server) :textDocument/inlayHint
           (list :textDocument (eglot--TextDocumentIdentifier)
                 :range '(:start (:line 0 :character 0) :end (:line 1000 :character 0))))))

(defun check-agrees-p ()
  "Whether hints and mode line are those that the server gives now."
  (let ((report (promptls--ask :promptls/report)))
    (and (eql 0 (plist-get report :pending))
         (equal (check-mode-line) (concat " " (promptls--total report)))
         (seq-set-equal-p (check-hints) (check-server-hints)))))

(defun check-settled-p (hints findings)
  "Whether there are so many HINTS and FINDINGS, and all are up to date."
  (and (= (length (check-hints)) hints)
       (= (length (check-findings)) findings)
       (check-agrees-p)))

(defun check-step (name hints findings)
  "Note what is shown at the step NAME: so many HINTS and FINDINGS."
  (run-hooks 'post-command-hook)
  (when (bound-and-true-p eglot--managed-mode)
    (eglot--signal-textDocument/didChange))
  (flymake-start)
  (check-until (lambda () (check-settled-p hints findings)))
  (push (list :name name
              :hints (vconcat (check-hints))
              :findings (vconcat (check-findings))
              :modeLine (check-mode-line)
              :text (buffer-substring-no-properties (point-min) (point-max))
              :sent (plist-get (promptls--ask :promptls/render) :text))
        check-steps))

(defun check-line (number text)
  "Replace line NUMBER, counted from 0, by TEXT."
  (goto-char (point-min))
  (forward-line number)
  (delete-region (point) (line-end-position))
  (insert text))

(defun check-editing ()
  "Edit the prompt and follow its figures."
  (check-step "opened" 2 2)
  (check-line 3 "Be brief.")
  (check-step "cut down" 2 0)
  ;; In the middle of a line with emoji and CJK.
  (goto-char (point-min))
  (forward-line 2)
  (forward-char 11)
  (insert "漢😀")
  (goto-char (point-max))
  (insert "### 😀 more\n" (mapconcat #'identity (make-list 40 "word") " ") "\n")
  (check-step "more" 3 3)
  (goto-char (point-max))
  (dotimes (number 200)
    (insert (char-to-string (+ ?a (mod (* 7 number) 26)))))
  (dotimes (_ 100) (delete-char -1))
  (insert "\n")
  (check-step "typed" 3 3))

(defun check-references (folder)
  "Refer to files inside and outside of FOLDER, one of them made after that."
  (erase-buffer)
  (insert "😀 @file:guide.md @file:later.md @file:../../out.md\n")
  (check-step "referring" 4 2)
  (write-region "Later.\n" nil (expand-file-name "prompts/later.md" folder) nil 'quiet)
  (check-step "made" 4 1)
  (cl-letf (((symbol-function 'yes-or-no-p) #'ignore))
    (promptls-trust-project))
  (check-step "trusted" 4 0)
  ;; A hint at the very end, more than once.
  (goto-char (point-max))
  (insert "# End")
  (check-step "unfinished" 5 0)
  (insert "ing")
  (check-step "finished" 5 0))

(defun check-commands ()
  "Call the commands; gives what they show."
  (let ((source (current-buffer)) rows visited rendered)
    (promptls-report)
    (setq rows (vconcat (mapcar #'cadr tabulated-list-entries)))
    (goto-char (point-max))
    (forward-line -1)
    (call-interactively (key-binding (kbd "RET")))
    (when (eq (current-buffer) source)
      (setq visited (vconcat (check-place (point)))))
    (promptls-render)
    (setq rendered (vector (substring-no-properties header-line-format) (buffer-string)))
    (list :rows rows :visited visited :rendered rendered)))

(defun check-run ()
  "Edit, refer, call the commands; write what was shown as JSON."
  (let* ((folder (file-name-as-directory (check-variable "CHECK_FOLDER")))
         (prompt (expand-file-name "prompts/a.md" folder))
         (promptls-server-command (list (check-variable "CHECK_PYTHON") "-m" "promptls" "server"))
         (promptls-machine-settings `(:allowedRoots [,(expand-file-name "../" folder)]))
         (coding-system-for-write 'utf-8)
         mode commands)
    (setq-default eglot-workspace-configuration '(:promptls (:budget (:section 30 :document 200))))
    (promptls-mode 1)
    (find-file prompt)
    (setq mode (symbol-name major-mode))
    (check-editing)
    (check-references folder)
    (setq commands (check-commands))
    (write-region (json-serialize
                   (list :mode mode :steps (vconcat (reverse check-steps)) :commands commands))
                  nil (check-variable "CHECK_OUTPUT") nil 'quiet)))

(setq make-backup-files nil
      auto-save-default nil
      create-lockfiles nil
      kill-buffer-query-functions nil)
(let ((log (check-variable "CHECK_LOG")))
  (unwind-protect
      (condition-case oops
          (check-run)
        (error (write-region (format "%S\n%S\n" oops check-steps) nil log t 'quiet)))
    (write-region (with-current-buffer (messages-buffer) (buffer-string)) nil log t 'quiet)
    (when-let* ((server (ignore-errors (promptls--server))))
      (eglot-shutdown server))
    (kill-emacs 0)))

;;; check.el ends here
